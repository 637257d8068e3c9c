//! What was dropped: files, and all that is in folders among them, however deep.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DataTransfer, File, FileSystemDirectoryEntry, FileSystemDirectoryReader, FileSystemEntry, FileSystemFileEntry,
};

/// The folders among what is carried, and the files beside them; none where there are no folders. To be called while the drop is being
/// told of: afterwards browsers forget what was carried.
pub fn with_folders(carried: &DataTransfer) -> Option<Vec<FileSystemEntry>> {
    let items = carried.items();
    let entries: Vec<FileSystemEntry> = (0..items.length())
        .filter_map(|n| items.get(n))
        .filter_map(|item| item.webkit_get_as_entry().ok().flatten())
        .collect();
    entries.iter().any(FileSystemEntry::is_directory).then_some(entries)
}

/// The files in all of these, with their paths within the folder that was dropped. What cannot be read is passed over.
pub async fn files_in(entries: Vec<FileSystemEntry>) -> Vec<(String, File)> {
    let mut files = Vec::new();
    let mut left = entries;
    while let Some(entry) = left.pop() {
        if entry.is_directory() {
            left.extend(listed(entry.unchecked_into()).await);
        } else if let Ok(file) = asked(|found, failed| {
            entry.unchecked_ref::<FileSystemFileEntry>().file_with_callback_and_callback(found, failed);
        })
        .await
        .and_then(JsCast::dyn_into::<File>)
        {
            files.push((within(entry.full_path().trim_start_matches('/')).to_owned(), file));
        }
    }
    files
}

/// A path without the folder that was chosen or dropped; a file's own name where it came by itself.
pub fn within(path: &str) -> &str {
    path.split_once('/').map_or(path, |(_, within)| within)
}

/// What is in a folder itself. A browser tells some hundred at a time.
async fn listed(folder: FileSystemDirectoryEntry) -> Vec<FileSystemEntry> {
    let reader: FileSystemDirectoryReader = folder.create_reader();
    let mut all = Vec::new();
    loop {
        let some = asked(|found, failed| {
            // Fails by the callback.
            let _ = reader.read_entries_with_callback_and_callback(found, failed);
        })
        .await;
        let some = some.map(|some| Array::from(&some)).unwrap_or_default();
        if some.length() == 0 {
            return all;
        }
        all.extend(some.iter().map(FileSystemEntry::unchecked_from_js));
    }
}

/// The answer of what calls back.
async fn asked(mut ask: impl FnMut(&Function, &Function)) -> Result<JsValue, JsValue> {
    JsFuture::from(Promise::new(&mut |found, failed| ask(&found, &failed))).await
}
