// Everything that can go wrong says what happened and leads on.
import { photoQueries, pictureOf } from "../support/demo";
import { choosePicture, expect, live, open, pictureResults, shownIds, test } from "../support/test";
import { readFileSync } from "node:fs";

const refused = /Failed to load resource: the server responded with a status of 4\d\d/;

test.describe("pictures that cannot be used", () => {
  test.use({ expected: refused });

  const cases: [string, { name: string; mimeType: string; buffer: Buffer }, string][] = [
    ["a text file named .jpg", { name: "ring.jpg", mimeType: "image/jpeg", buffer: Buffer.from("not a picture at all") }, "That file is not a picture we can read."],
    ["an empty file", { name: "ring.jpg", mimeType: "image/jpeg", buffer: Buffer.alloc(0) }, "That file is empty."],
    ["a file over 10 MB that no browser can make smaller", { name: "ring.jpg", mimeType: "image/jpeg", buffer: Buffer.alloc(11 * 1024 * 1024, 7) }, "That picture is over 10 MB."],
    ["a header of 30,000 by 30,000 pixels", { name: "ring.png", mimeType: "image/png", buffer: hugeHeader() }, "That picture has more pixels than we can read."],
  ];
  for (const [what, file, headline] of cases) {
    test(`${what} is refused with a reason`, async ({ page }) => {
      await open(page, "/");
      await choosePicture(page, file);
      await expect(page.locator(".tray")).toContainText(headline);
      await expect(page).toHaveURL("/");
      // The way on: the label opens the same file input.
      const chooser = page.waitForEvent("filechooser");
      await page.locator(".tray").getByText("Choose a picture").click();
      await (await chooser).setFiles(pictureOf(photoQueries[0]));
      await pictureResults(page);
    });
  }

  test("a picture cut short is either read as far as it goes or refused with a reason", async ({ page }) => {
    const whole = readFileSync(pictureOf(photoQueries[0]));
    await open(page, "/");
    await choosePicture(page, { name: "cut.jpg", mimeType: "image/jpeg", buffer: whole.subarray(0, whole.length / 20) });
    await expect(page.locator(".tray")).toContainText("That picture is damaged or cut short.");
  });
});

/** The first bytes of a PNG that says it is 30,000 pixels a side. */
function hugeHeader(): Buffer {
  const crcTable = Array.from({ length: 256 }, (_, n) => {
    let c = n;
    for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
    return c >>> 0;
  });
  const crc = (bytes: Buffer) => {
    let c = 0xffffffff;
    for (const byte of bytes) c = crcTable[(c ^ byte) & 0xff] ^ (c >>> 8);
    return (c ^ 0xffffffff) >>> 0;
  };
  const header = Buffer.alloc(17);
  header.write("IHDR", 0, "latin1");
  header.writeUInt32BE(30_000, 4);
  header.writeUInt32BE(30_000, 8);
  header.set([8, 2, 0, 0, 0], 12);
  const length = Buffer.from([0, 0, 0, 13]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc(header));
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), length, header, sum]);
}

test.describe("addresses that lead nowhere", () => {
  test.use({ expected: refused });

  for (const [address, status, headline] of [
    ["/listings/no-such-piece", 404, "Nothing is kept here."],
    ["/listings/..%2F..%2Fetc", 404, "Nothing is kept here."],
    ["/dealers/nobody", 404, "Nothing is kept here."],
    ["/no/such/page", 404, "Nothing is kept here."],
    ["/search?token=AAAA", 422, "This search link is damaged."],
    ["/search?category=tiara", 422, "We do not know that filter."],
    ["/search?price_min=900&price_max=100", 422, "We do not know that filter."],
    ["/search?offset=5000", 422, "That is as far as the results go."],
    [`/search?text=${"gold+".repeat(600)}`, 422, "That is more than we can take in."],
  ] as const) {
    test(`${address.slice(0, 50)} answers ${status} and says why`, async ({ page }) => {
      const answer = await page.goto(address);
      expect(answer!.status()).toBe(status);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(headline);
      await live(page);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(headline);
      await page.getByRole("link", { name: "See every piece" }).click();
      await expect(page.locator(".piece").first()).toBeVisible();
    });
  }
});

test.describe("a server that does not answer", () => {
  test.use({ expected: /Failed to load resource|ERR_/ });

  test("a search says so, and Try again goes on", async ({ page }) => {
    await open(page, "/");
    await page.route("**/fn/**", (route) => route.abort("connectionrefused"));
    await page.locator("#words").fill("pearl earrings");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("We cannot reach the shop.");
    await page.unroute("**/fn/**");
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(page.locator(".piece").first()).toBeVisible();
  });

  test("a picture says so too", async ({ page }) => {
    await open(page, "/");
    await page.route("**/fn/**", (route) => route.abort("connectionrefused"));
    await choosePicture(page, pictureOf(photoQueries[0]));
    await expect(page.locator(".tray")).toContainText("We cannot reach the shop.");
  });

  test("offline is told from out of reach, and the search goes on by itself once there is a connection", async ({ page, context }) => {
    await open(page, "/");
    await context.setOffline(true);
    await page.locator("#words").fill("pearl earrings");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("You are offline.");
    await expect(page).toHaveTitle("You are offline. · Vitrine");
    await context.setOffline(false);
    await expect(page.locator(".piece").first()).toBeVisible();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("pearl earrings");
  });

  test("too often is told from too busy", async ({ page }) => {
    await open(page, "/");
    await page.route("**/fn/find*", (route) =>
      route.fulfill({ status: 429, contentType: "application/problem+json", body: '{"type":"urn:vitrine:problem:too-many-requests","title":"Too many searches","status":429}' }),
    );
    await page.locator("#words").fill("pearl earrings");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("That was a great many searches at once.");
    await page.unroute("**/fn/find*");
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(page.locator(".piece").first()).toBeVisible();
  });

  test("too busy is told from broken", async ({ page }) => {
    await open(page, "/");
    await page.route("**/fn/**", (route) =>
      route.fulfill({ status: 503, contentType: "application/problem+json", body: '{"type":"urn:vitrine:problem:overloaded","title":"Too busy just now","status":503}' }),
    );
    await choosePicture(page, pictureOf(photoQueries[0]));
    await expect(page.locator(".tray")).toContainText("Very busy just now.");
  });
});

test.describe("links that no longer hold", () => {
  test.use({ expected: refused });

  test("one made for another model says so, and asks for the picture", async ({ page }) => {
    // A whole token, but for the first byte of its model: the version and the kind come before it.
    const whole = (await page.request.post("/api/v1/search", { data: { text: "ring", limit: 1 } }).then((answer) => answer.json())).query.token as string;
    const bytes = Buffer.from(whole, "base64url");
    bytes[2] ^= 0xff;
    const answer = await page.goto(`/search?token=${bytes.toString("base64url")}`);
    expect(answer!.status()).toBe(422);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("This search link has expired.");
    await live(page);
    const chooser = page.waitForEvent("filechooser");
    await page.getByText("Choose a picture", { exact: true }).click();
    await (await chooser).setFiles(pictureOf(photoQueries[0]));
    await pictureResults(page);
  });
});

test("a picture of nothing we have still gets an honest answer", async ({ page }) => {
  await open(page, "/");
  const noise = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(300, 300);
    const context = canvas.getContext("2d")!;
    context.fillStyle = "#3355ff";
    context.fillRect(0, 0, 300, 300);
    context.fillStyle = "#ff2200";
    context.fillRect(0, 150, 300, 150);
    return Array.from(new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer()));
  });
  await choosePicture(page, { name: "flag.png", mimeType: "image/png", buffer: Buffer.from(noise) });
  await pictureResults(page);
  expect((await shownIds(page)).length).toBe(24);
  await expect(page.getByText("The same piece")).toHaveCount(0);
});
