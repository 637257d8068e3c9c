// What somebody downloads who comes for the first time: everything but the photos, as it comes over the line.
import { readFileSync } from "node:fs";
import { photoQueries, pictureOf } from "../support/demo";
import { expect, holdBack, live, open, pictureResults, test } from "../support/test";

/** Kilobytes (of 1,000 bytes) that a first visit may take, photos left out: what comes by itself, and all that comes with the first touch. */
const LOOKED = 100;
const USED = 456;

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
  const counted = () => {
    const counted = [...loads.values()].filter((load) => !load.address.startsWith("/media/"));
    return { counted, bytes: counted.reduce((sum, load) => sum + load.bytes, 0) };
  };
  const say = (what: string, { counted, bytes }: ReturnType<typeof counted>) => {
    const lines = counted.map((load) => `${String(load.bytes).padStart(8)}  ${load.address}`);
    console.log(`${what} takes ${bytes} bytes, photos left out:\n${lines.join("\n")}`);
  };
  await page.goto("/");
  await page.waitForTimeout(4000);
  const looked = counted();
  say("Looking at /", looked);
  expect(looked.counted.map((load) => load.address).join(" ")).not.toMatch(/\.wasm/);
  expect(looked.bytes).toBeLessThan(LOOKED * 1000);
  await live(page);
  await page.waitForLoadState("networkidle");
  const used = counted();
  say("Beginning to use it", used);
  expect(used.counted.map((load) => load.address).join(" ")).toMatch(/\/pkg\/vitrine-\w+_bg\.wasm/);
  expect(used.bytes).toBeLessThan(USED * 1000);
  loads.clear();
  // Who has the scripts already need not begin.
  const scripts = page.waitForResponse(/\.wasm$/);
  await page.goto("/");
  await scripts;
  await live(page);
  await page.waitForLoadState("networkidle");
  expect(counted().bytes).toBeLessThan(used.bytes / 5);
});

test("what is dropped, pasted or pressed before the page's scripts have come is done once they are there", async ({ page }) => {
  let go = () => {};
  const begin = async (address: string) => {
    go = await holdBack(page, /\.wasm$/);
    await page.goto(address);
  };
  const base64 = readFileSync(pictureOf(photoQueries[2])).toString("base64");
  const carry = () =>
    page.evaluateHandle((base64) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const carried = new DataTransfer();
      carried.items.add(new File([bytes], "screenshot.jpg", { type: "image/jpeg" }));
      return carried;
    }, base64);
  await begin("/about");
  const dataTransfer = await carry();
  // Were these left to the browser, it would leave the page for the picture.
  for (const type of ["dragenter", "dragover", "drop"]) {
    const left = await page.evaluate(
      ([type, dataTransfer]) => {
        const event = new DragEvent(type as string, { bubbles: true, cancelable: true, dataTransfer: dataTransfer as DataTransfer });
        return document.querySelector("main")!.dispatchEvent(event);
      },
      [type, dataTransfer] as const,
    );
    expect(left, type).toBe(type === "dragenter");
  }
  go();
  await pictureResults(page);

  await begin("/about");
  await page.locator("main").focus();
  await page.keyboard.press("/");
  go();
  await expect(page.locator("#words")).toBeFocused();

  await begin("/about");
  await page.evaluate(() => navigator.clipboard.writeText("emerald ring"));
  await page.locator("main").focus();
  await page.keyboard.press("Control+V");
  go();
  await expect(page.locator(".tray")).toContainText("There are words on your clipboard, and no picture.");
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
  const go = await holdBack(page, /\.wasm$/);
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
