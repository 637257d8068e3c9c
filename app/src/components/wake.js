// Fetches the page's WebAssembly and lets it take over when somebody begins to use the page: until then it is a page of links and forms that
// work, and whoever only looks downloads nothing more. What they did first is done again once the page can answer. Who has been here has
// the file already, and a page that is nothing without it says so: there it comes after the first screen, three seconds at most. It runs
// before there is anything to see, so that on a slow network nothing is pressed or chosen that it does not know of.
((script, wasm) => {
  const hints = ["pointermove", "pointerdown", "wheel", "keydown", "focusin", "click", "change", "dragenter", "dragover", "drop", "paste"];
  const again = new Map();
  const parsed = new Promise((there) => addEventListener("DOMContentLoaded", there, { once: true }));
  let begun = false;
  const carried = (event) => event.dataTransfer ?? event.clipboardData;
  const copied = (data) => {
    const copy = new DataTransfer();
    for (const file of data.files) copy.items.add(file);
    const words = data.getData("text/plain");
    if (words) copy.items.add(words, "text/plain");
    return copy;
  };
  const keep = (event) => {
    const { type, target } = event;
    const typing = target.closest?.("input, textarea, select");
    const button = type === "click" && target.closest?.("button[type=button]");
    if (button) {
      button.ariaBusy = "true";
      again.set(type, () => {
        button.ariaBusy = null;
        button.click();
      });
    }
    if (type === "change") again.set(type, () => target.dispatchEvent(new Event(type, { bubbles: true })));
    if (type === "keydown" && !typing) again.set(type, () => target.dispatchEvent(new KeyboardEvent(type, event)));
    const files = carried(event)?.types.includes("Files");
    if (files && type !== "dragenter") event.preventDefault();
    if (type === "drop" ? files : type === "paste" && (files || !typing)) {
      const data = copied(carried(event));
      const Kind = type === "drop" ? DragEvent : ClipboardEvent;
      again.set(type, () => target.dispatchEvent(new Kind(type, { bubbles: true, cancelable: true, dataTransfer: data, clipboardData: data })));
    }
  };
  const wake = async (event) => {
    if (event) keep(event);
    if (begun) return;
    begun = true;
    const page = await import(script);
    await parsed;
    await page.default({ module_or_path: wasm }).catch((error) => {
      document.querySelector("button[aria-busy]")?.removeAttribute("aria-busy");
      throw error;
    });
    for (const hint of hints) removeEventListener(hint, wake, true);
    page.hydrate();
    try {
      localStorage["vitrine.came"] = wasm;
    } catch {}
    setTimeout(() => again.forEach((act) => act()));
  };
  for (const hint of hints) addEventListener(hint, wake, { capture: true, passive: false });
  parsed.then(() => {
    let soon = document.querySelector("[data-wake]");
    try {
      soon ||= localStorage["vitrine.came"] === wasm;
    } catch {}
    if (!soon) return;
    // After the frame that shows the last of it.
    addEventListener("load", () => requestAnimationFrame(() => setTimeout(wake)), { once: true });
    setTimeout(wake, 3000);
  });
})
