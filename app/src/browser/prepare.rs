//! Makes of a picture what is sent: upright, only the part that is searched, no larger than the model can use. A phone's twelve
//! megapixels would be mostly waiting time, and a screenshot's bars would be searched for. Redrawing it also leaves out where and when
//! it was taken.

use crate::{Problem, crop::Area};
use domain::limits;
use js_sys::{Promise, Reflect, Uint8Array};
use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, ImageBitmap};

/// Longest side of what is sent, in pixels: twice what the largest models see, since they may look at a part of it.
const LONGEST: f64 = 768.0;
/// JPEG quality of what is sent, 0 to 1.
const QUALITY: f64 = 0.9;
/// Longest side of the copy that the part is proposed by, in pixels.
const GLANCE: f64 = 256.0;

/// What was made of a picture.
pub struct Drawn {
    /// Its width and height, upright.
    pub size: (u32, u32),
    /// The part that is shown.
    pub area: Area,
    /// Where the pieces are, if the part was proposed and there are several.
    pub pieces: Vec<Area>,
    /// Width and height of what is sent.
    pub sent: (u32, u32),
    /// What is sent.
    pub jpeg: Blob,
}

/// Draws the part of a picture that is to be sent: the one given, else the one that [`imaging::photo_in`] finds.
pub async fn draw(picture: &Blob, area: Option<Area>) -> Result<Drawn, JsValue> {
    let bitmap: ImageBitmap = JsFuture::from(window().create_image_bitmap_with_blob(picture)?).await?.dyn_into()?;
    let size = (bitmap.width(), bitmap.height());
    let (area, pieces) = match area {
        Some(area) => (area, Vec::new()),
        None => propose(&bitmap)?,
    };
    let canvas = cut(&bitmap, area)?;
    bitmap.close();
    let jpeg = to_jpeg(&canvas, QUALITY).await?;
    Ok(Drawn { size, area, pieces, sent: (canvas.width(), canvas.height()), jpeg })
}

/// What is sent of all of a picture; the picture as it is where this browser cannot read it.
pub async fn to_send(picture: Blob) -> Result<Vec<u8>, Problem> {
    match draw(&picture, Some(Area::WHOLE)).await {
        Ok(drawn) => bytes(&drawn.jpeg).await,
        Err(_) => bytes(&picture).await,
    }
}

/// The bytes of a picture, if they are not too many.
pub async fn bytes(picture: &Blob) -> Result<Vec<u8>, Problem> {
    if picture.size() == 0.0 {
        return Err(Problem::EmptyPicture);
    }
    if picture.size() > limits::PICTURE_BYTES as f64 {
        return Err(Problem::TooManyBytes);
    }
    // The file may have been deleted or changed since it was chosen.
    let bytes = JsFuture::from(picture.array_buffer()).await.map_err(|_| Problem::DamagedPicture)?;
    Ok(Uint8Array::new(&bytes).to_vec())
}

/// The part to search, and the pieces in the picture where there are several, by a look at a small copy.
fn propose(bitmap: &ImageBitmap) -> Result<(Area, Vec<Area>), JsValue> {
    let (width, height) = (f64::from(bitmap.width()), f64::from(bitmap.height()));
    let factor = (GLANCE / width.max(height)).min(1.0);
    let (canvas, context) = paper(width * factor, height * factor)?;
    let (across, down) = (f64::from(canvas.width()), f64::from(canvas.height()));
    context.draw_image_with_image_bitmap_and_dw_and_dh(bitmap, 0.0, 0.0, across, down)?;
    let pixels = context.get_image_data(0.0, 0.0, across, down)?.data();
    let area = |part: imaging::Part| {
        let (x, y) = (f64::from(part.x), f64::from(part.y));
        let (width, height) = (f64::from(part.width), f64::from(part.height));
        Area::new(x / across, y / down, (x + width) / across, (y + height) / down)
    };
    let photo = imaging::photo_in(&pixels, canvas.width(), canvas.height()).map_or(Area::WHOLE, area);
    let pieces = imaging::pieces_in(&pixels, canvas.width(), canvas.height());
    Ok((photo, pieces.into_iter().map(area).collect()))
}

/// The part on a canvas. All of a picture keeps its shape. A part of it is put in the middle of a square, its edges repeated beyond it: what
/// is lit is then what the model sees, which would otherwise look at the middle of it.
fn cut(bitmap: &ImageBitmap, area: Area) -> Result<HtmlCanvasElement, JsValue> {
    let (width, height) = (f64::from(bitmap.width()), f64::from(bitmap.height()));
    let (x, y) = ((area.left * width).floor(), (area.top * height).floor());
    let across = (area.width() * width).round().clamp(1.0, width - x);
    let down = (area.height() * height).round().clamp(1.0, height - y);
    let longest = across.max(down);
    let factor = (LONGEST / longest).min(1.0);
    let (wide, high) = ((across * factor).round().max(1.0), (down * factor).round().max(1.0));
    let square = wide.max(high);
    let (canvas, context) = if area.is_whole() { paper(wide, high)? } else { paper(square, square)? };
    let (left, top) = ((f64::from(canvas.width()) - wide) / 2.0, (f64::from(canvas.height()) - high) / 2.0);
    let draw = |from: [f64; 4], to: [f64; 4]| {
        context.draw_image_with_image_bitmap_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
            bitmap, from[0], from[1], from[2], from[3], to[0], to[1], to[2], to[3],
        )
    };
    if left >= 1.0 {
        draw([x, y, 1.0, down], [0.0, 0.0, left, high])?;
        draw([x + across - 1.0, y, 1.0, down], [left + wide, 0.0, left, high])?;
    }
    if top >= 1.0 {
        draw([x, y, across, 1.0], [0.0, 0.0, wide, top])?;
        draw([x, y + down - 1.0, across, 1.0], [0.0, top + high, wide, top])?;
    }
    draw([x, y, across, down], [left, top, wide, high])?;
    Ok(canvas)
}

/// A white canvas.
pub fn paper(width: f64, height: f64) -> Result<(HtmlCanvasElement, CanvasRenderingContext2d), JsValue> {
    let canvas: HtmlCanvasElement = document().create_element("canvas")?.dyn_into()?;
    canvas.set_width((width.round() as u32).max(1));
    canvas.set_height((height.round() as u32).max(1));
    let context: CanvasRenderingContext2d =
        canvas.get_context("2d")?.ok_or_else(|| JsValue::from_str("no canvas"))?.dyn_into()?;
    context.set_fill_style_str("#fff");
    context.fill_rect(0.0, 0.0, f64::from(canvas.width()), f64::from(canvas.height()));
    Reflect::set(&context, &"imageSmoothingQuality".into(), &"high".into())?;
    Ok((canvas, context))
}

/// What is on a canvas, as a JPEG.
pub async fn to_jpeg(canvas: &HtmlCanvasElement, quality: f64) -> Result<Blob, JsValue> {
    let promise = Promise::new(&mut |resolve, reject| {
        let done = Closure::once_into_js(move |blob: JsValue| {
            let _ = resolve.call1(&JsValue::UNDEFINED, &blob);
        });
        if let Err(error) =
            canvas.to_blob_with_type_and_encoder_options(done.unchecked_ref(), "image/jpeg", &quality.into())
        {
            let _ = reject.call1(&JsValue::UNDEFINED, &error);
        }
    });
    JsFuture::from(promise).await?.dyn_into()
}
