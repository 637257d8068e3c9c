//! Makes a picture small enough to send quickly: the model sees a few hundred pixels a side, so a phone's twelve megapixels are
//! mostly waiting time. Redrawing it also leaves out where and when it was taken.

use crate::Problem;
use domain::limits;
use js_sys::{Promise, Reflect, Uint8Array};
use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, ImageBitmap};

/// Longest side of what is sent, in pixels.
const LONGEST: u32 = 1024;
/// JPEG quality of what is sent, 0 to 1.
const QUALITY: f64 = 0.9;

/// The bytes to send for a picture. What this browser cannot read is sent as it is, if it is small enough: the server may read it,
/// and if not, says why.
pub async fn to_send(picture: Blob) -> Result<Vec<u8>, Problem> {
    if picture.size() == 0.0 {
        return Err(Problem::EmptyPicture);
    }
    let small = match redraw(&picture).await {
        Ok(small) => small,
        Err(_) => picture,
    };
    if small.size() > limits::PICTURE_BYTES as f64 {
        return Err(Problem::TooManyBytes);
    }
    // The file may have been deleted or changed since it was chosen.
    let bytes = JsFuture::from(small.array_buffer()).await.map_err(|_| Problem::DamagedPicture)?;
    Ok(Uint8Array::new(&bytes).to_vec())
}

/// The picture upright, at most [`LONGEST`] pixels a side, as a JPEG over white; the picture itself where that is no smaller.
async fn redraw(picture: &Blob) -> Result<Blob, JsValue> {
    let bitmap: ImageBitmap = JsFuture::from(window().create_image_bitmap_with_blob(picture)?).await?.dyn_into()?;
    let (width, height) = (bitmap.width(), bitmap.height());
    let longest = width.max(height);
    let factor = (f64::from(LONGEST) / f64::from(longest.max(1))).min(1.0);
    let side = |side: u32| ((f64::from(side) * factor).round() as u32).max(1);
    let canvas: HtmlCanvasElement = document().create_element("canvas")?.dyn_into()?;
    canvas.set_width(side(width));
    canvas.set_height(side(height));
    let context: CanvasRenderingContext2d =
        canvas.get_context("2d")?.ok_or_else(|| JsValue::from_str("no canvas"))?.dyn_into()?;
    let (drawn_width, drawn_height) = (f64::from(canvas.width()), f64::from(canvas.height()));
    context.set_fill_style_str("#fff");
    context.fill_rect(0.0, 0.0, drawn_width, drawn_height);
    Reflect::set(&context, &"imageSmoothingQuality".into(), &"high".into())?;
    context.draw_image_with_image_bitmap_and_dw_and_dh(&bitmap, 0.0, 0.0, drawn_width, drawn_height)?;
    bitmap.close();
    to_jpeg(&canvas).await
}

async fn to_jpeg(canvas: &HtmlCanvasElement) -> Result<Blob, JsValue> {
    let promise = Promise::new(&mut |resolve, reject| {
        let done = Closure::once_into_js(move |blob: JsValue| {
            let _ = resolve.call1(&JsValue::UNDEFINED, &blob);
        });
        if let Err(error) =
            canvas.to_blob_with_type_and_encoder_options(done.unchecked_ref(), "image/jpeg", &QUALITY.into())
        {
            let _ = reject.call1(&JsValue::UNDEFINED, &error);
        }
    });
    JsFuture::from(promise).await?.dyn_into()
}
