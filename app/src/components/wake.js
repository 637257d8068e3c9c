// Fetches the page's WebAssembly and lets it take over. What is in sight comes first: the photos of the first screen and the type are
// not to share a slow line with it. Whoever begins to use the page before that need not wait; whatever is still missing after
// three seconds is not waited for. What is chosen meanwhile is told to the page once it listens.
((script, wasm) => {
  const hints = ["pointerdown", "keydown", "focusin", "dragenter", "paste", "change"];
  let begun = false, chosen;
  const wake = async (event) => {
    if (event?.type === "change") chosen = event.target;
    if (begun) return;
    begun = true;
    const page = await import(script);
    await page.default({ module_or_path: wasm });
    for (const hint of hints) removeEventListener(hint, wake, true);
    page.hydrate();
    setTimeout(() => chosen?.dispatchEvent(new Event("change", { bubbles: true })));
  };
  for (const hint of hints) addEventListener(hint, wake, { capture: true, passive: true });
  // After the frame that shows the last of it.
  const seen = () => requestAnimationFrame(() => setTimeout(wake));
  if (document.readyState === "complete") seen();
  else addEventListener("load", seen, { once: true });
  setTimeout(wake, 3000);
})
