// What somebody downloads who comes for the first time: everything but the photos, as it comes over the line.
import { expect, live, open, test } from "../support/test";

/** Kilobytes (of 1,000 bytes) that a first visit may take, photos left out. The aim is 200. */
const MOST = 456;

test("a first visit is within its budget, and a second downloads next to nothing", async ({ page, isMobile }) => {
  test.skip(isMobile, "the same bytes on every screen");
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  const loads = new Map<string, { address: string; type: string; bytes: number }>();
  session.on("Network.responseReceived", ({ requestId, response, type }) => {
    loads.set(requestId, { address: new URL(response.url).pathname, type, bytes: 0 });
  });
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const load = loads.get(requestId);
    if (load) load.bytes = encodedDataLength;
  });
  const visit = async () => {
    loads.clear();
    await page.goto("/");
    await live(page);
    await page.waitForLoadState("networkidle");
    const counted = [...loads.values()].filter((load) => !load.address.startsWith("/media/"));
    return { counted, bytes: counted.reduce((sum, load) => sum + load.bytes, 0) };
  };
  const first = await visit();
  const lines = first.counted.map((load) => `${String(load.bytes).padStart(8)}  ${load.address}`);
  console.log(`A first visit to / takes ${first.bytes} bytes, photos left out:\n${lines.join("\n")}`);
  expect(first.counted.map((load) => load.address).join(" ")).toMatch(/\/pkg\/vitrine-\w+_bg\.wasm/);
  expect(first.bytes).toBeLessThan(MOST * 1000);
  const second = await visit();
  expect(second.bytes).toBeLessThan(first.bytes / 5);
});

test("the photos of the first screen come before the WebAssembly, which waits for nobody who begins to use the page", async ({ page }) => {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await open(page, "/");
  const wasm = asked.findIndex((path) => path.endsWith(".wasm"));
  const photo = asked.findIndex((path) => path.startsWith("/media/"));
  expect(photo).toBeGreaterThan(-1);
  expect(photo).toBeLessThan(wasm);

  // A photo that never comes holds the page back only for whoever merely looks.
  await page.route("/media/**", () => {});
  await page.goto("/about", { waitUntil: "commit" });
  await page.goto("/", { waitUntil: "domcontentloaded" });
  await page.locator("#words").focus();
  await page.waitForResponse(/\.wasm$/, { timeout: 2500 });
  await live(page);
});

test("what is typed or chosen before the page's scripts have come is not lost", async ({ page }) => {
  let go = () => {};
  const ready = new Promise<void>((resolve) => (go = resolve));
  await page.route(/\.wasm$/, async (route) => {
    await ready;
    await route.continue();
  });
  await page.goto("/search?text=emerald+ring");
  await page.locator("#words").fill("ruby brooch");
  await page.locator('select[name="period"]').selectOption({ index: 1 });
  const period = await page.locator('select[name="period"]').inputValue();
  go();
  await live(page);
  await expect(page).toHaveURL((address) => address.searchParams.get("period") === period);
  await expect(page.locator('select[name="period"]')).toHaveValue(period);

  await page.goto("/");
  await page.locator("#words").fill("ruby brooch");
  await live(page);
  await expect(page.locator("#words")).toHaveValue("ruby brooch");
});
