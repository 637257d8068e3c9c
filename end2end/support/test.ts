// Every test: a page at the server's address, and at the end no error in the console, no uncaught exception and no violation of the
// Content-Security-Policy, save those that the test itself expects.
import { expect, test as base, type Page } from "@playwright/test";

type Extras = {
  /** The errors that this test provokes: a refused upload is one in the console, too. */
  expected: RegExp;
  quietConsole: void;
};

export const test = base.extend<Extras>({
  baseURL: async ({}, use) => {
    await use(process.env.VITRINE_URL ?? "http://127.0.0.1:3000");
  },
  expected: async ({}, use) => {
    await use(/^$/);
  },
  quietConsole: [
    async ({ page, expected }, use) => {
      const complaints: string[] = [];
      page.on("console", (message) => {
        if (message.type() === "error" || /content security policy/i.test(message.text())) complaints.push(message.text());
      });
      page.on("pageerror", (error) => complaints.push(`uncaught: ${error.message}`));
      await page.addInitScript(() => {
        document.addEventListener("securitypolicyviolation", (event) => {
          console.error(`Content Security Policy: ${event.violatedDirective} blocked ${event.blockedURI}`);
        });
      });
      await use();
      expect(complaints.filter((complaint) => !expected.test(complaint))).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** Opens a page and waits until its scripts have taken over. */
export async function open(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await live(page);
}

/** Begins to use the page, and waits until its scripts have taken over. */
export async function live(page: Page): Promise<void> {
  await page.evaluate(() => window.dispatchEvent(new PointerEvent("pointermove")));
  await expect(page.locator(".seek-picture--live")).toBeAttached();
}

/** The listing ids on the page, in order. */
export async function shownIds(page: Page): Promise<string[]> {
  const links = await page.locator(".piece-link").evaluateAll((all) => all.map((link) => link.getAttribute("href") ?? ""));
  return links.map((href) => decodeURIComponent(href.replace("/listings/", "")));
}

/** Chooses a file with the picture button and waits for its results. */
export async function choosePicture(page: Page, file: string | { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
  await page.locator("#picture").setInputFiles(file);
}

/** Waits for the results of a picture. */
export async function pictureResults(page: Page): Promise<void> {
  await expect(page).toHaveURL(/\/search\?.*token=/);
  await expect(page.getByRole("heading", { level: 1, name: "Pieces like your picture" })).toBeVisible();
  await expect(page.locator(".piece").first()).toBeVisible();
}

/** Looks for a picture from the home page, and waits until its results stand there and nothing is under way. */
export async function lookFor(page: Page, file: Parameters<typeof choosePicture>[1]): Promise<void> {
  await open(page, "/");
  await choosePicture(page, file);
  await pictureResults(page);
  await expect(page.locator(".tray")).toBeEmpty();
}

/** The query of the results on the page, as its address has it. */
export const token = (page: Page): string | null => new URL(page.url()).searchParams.get("token");

/** Waits until the results are those of another query than before. */
export async function refreshed(page: Page, before: string | null): Promise<void> {
  await expect.poll(() => token(page)).not.toBe(before);
  await expect(page.locator(".results--pending")).toHaveCount(0);
  await expect(page.locator(".piece").first()).toBeVisible();
}

/** Holds back what the page asks for at these addresses until it is let go: the returned function does that. */
export async function holdBack(page: Page, addresses: string | RegExp): Promise<() => void> {
  let go = () => {};
  const held = new Promise<void>((resolve) => (go = resolve));
  await page.route(addresses, async (route) => {
    await held;
    // What was given up meanwhile goes nowhere.
    await route.continue().catch(() => {});
  });
  return go;
}
