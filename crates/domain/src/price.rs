//! What a piece costs: an exact amount in a currency.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// An ISO 4217 code, three capital letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency([u8; 3]);

/// Why a price cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PriceError {
    /// Not three letters.
    #[error("currency \"{0}\" is not a three-letter code such as GBP")]
    Currency(String),
    /// Negative, not a number, or over a thousand million.
    #[error("price must be a number from 0 to 1,000,000,000")]
    Amount,
}

impl Currency {
    /// Pounds sterling, the house's own currency.
    pub const GBP: Self = Self(*b"GBP");

    /// Reads a three-letter code, in any case.
    pub fn new(code: &str) -> Result<Self, PriceError> {
        let code = code.trim();
        match <[u8; 3]>::try_from(code.as_bytes()) {
            Ok(letters) if letters.iter().all(u8::is_ascii_alphabetic) => {
                Ok(Self(letters.map(|l| l.to_ascii_uppercase())))
            }
            _ => Err(PriceError::Currency(code.chars().take(12).collect())),
        }
    }

    /// The code, for example "GBP".
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("GBP")
    }

    /// The sign put before an amount: "£", "€", "$", else the code and a space.
    pub fn sign(&self) -> String {
        match &self.0 {
            b"GBP" => "£".into(),
            b"EUR" => "€".into(),
            b"USD" => "US$".into(),
            _ => format!("{} ", self.as_str()),
        }
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// An amount of money, exact to a hundredth of the currency's unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Raw", into = "Raw")]
pub struct Price {
    hundredths: i64,
    currency: Currency,
}

#[derive(Serialize, Deserialize)]
struct Raw {
    amount: f64,
    #[serde(default = "pounds")]
    currency: Currency,
}

fn pounds() -> Currency {
    Currency::GBP
}

impl Price {
    /// A price of `amount` units (pounds, say), rounded to a hundredth. From 0 to 1,000,000,000.
    pub fn new(amount: f64, currency: Currency) -> Result<Self, PriceError> {
        if !(0.0..=1e9).contains(&amount) {
            return Err(PriceError::Amount);
        }
        // In range, so the conversion is exact enough: at most 1e11 hundredths, far below 2^53.
        Ok(Self { hundredths: (amount * 100.0).round() as i64, currency })
    }

    /// The amount in units of the currency.
    pub fn amount(&self) -> f64 {
        self.hundredths as f64 / 100.0
    }

    /// The currency.
    pub fn currency(&self) -> Currency {
        self.currency
    }
}

impl TryFrom<Raw> for Price {
    type Error = PriceError;
    fn try_from(raw: Raw) -> Result<Self, PriceError> {
        Self::new(raw.amount, raw.currency)
    }
}

impl From<Price> for Raw {
    fn from(price: Price) -> Self {
        Self { amount: price.amount(), currency: price.currency }
    }
}

impl fmt::Display for Price {
    /// As on a ticket: "£4,250", "£12.50".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = (self.hundredths / 100).to_string();
        let mut grouped = String::with_capacity(units.len() + 4);
        for (place, digit) in units.chars().enumerate() {
            if place > 0 && (units.len() - place).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        write!(f, "{}{grouped}", self.currency.sign())?;
        match self.hundredths % 100 {
            0 => Ok(()),
            pence => write!(f, ".{pence:02}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_read_like_a_ticket() {
        assert_eq!(Price::new(4250.0, Currency::GBP).unwrap().to_string(), "£4,250");
        assert_eq!(Price::new(12.5, Currency::GBP).unwrap().to_string(), "£12.50");
        assert_eq!(Price::new(1_234_567.0, Currency::new("eur").unwrap()).unwrap().to_string(), "€1,234,567");
        assert_eq!(Price::new(950.0, Currency::new("SEK").unwrap()).unwrap().to_string(), "SEK 950");
    }

    #[test]
    fn impossible_prices_are_refused() {
        for amount in [-1.0, f64::NAN, f64::INFINITY, 2e9] {
            assert_eq!(Price::new(amount, Currency::GBP), Err(PriceError::Amount));
        }
        assert!(Currency::new("pounds").is_err());
    }

    #[test]
    fn json_is_amount_and_currency_and_pounds_are_the_default() {
        let price: Price = serde_json::from_str(r#"{"amount":4250}"#).unwrap();
        assert_eq!(price.currency(), Currency::GBP);
        assert_eq!(serde_json::to_string(&price).unwrap(), r#"{"amount":4250.0,"currency":"GBP"}"#);
    }
}
