// The dealer's bench: photos of unlabelled pieces in, a labelled file out that the command line takes.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ending, folderOf, lookedUp, photoOf, pieces, vitrine } from "../support/bench";
import { temporary } from "../support/temporary";
import { expect, holdBack, open, test } from "../support/test";
import type { Locator } from "@playwright/test";

const [first, second, third] = pieces;

test("a folder is looked up piece by piece: numbered photos are one piece, and what is no picture is left out", async ({ page }) => {
  const folder = folderOf({
    [`tray/T-1-1${ending}`]: photoOf(first, 1),
    [`tray/T-1-2${ending}`]: photoOf(first, 2),
    [`T-2${ending}`]: photoOf(second),
    "notes.txt": { text: "two rings" },
  });
  await open(page, "/bench");
  await page.locator("#bench-folder").setInputFiles(folder);
  await lookedUp(page, 2);
  await expect(page.locator(".bench-progress")).toContainText("1 file that is no picture was left out.");
  const cards = page.locator(".bench-piece");
  await expect(cards).toHaveCount(2);
  const [two, one] = [cards.nth(1), cards.nth(0)];
  await expect(one.getByLabel("Reference")).toHaveValue("T-2");
  await expect(two.getByLabel("Reference")).toHaveValue("T-1");
  await expect(two.locator(".bench-photos img")).toHaveCount(2);
  // The piece itself is in the catalogue: it comes first, and the sheet calls it by its own name.
  await expect(one.locator(".near").first()).toHaveAttribute("href", `/listings/${second.id}`);
  await expect(one.locator(".near").first()).toContainText("The same piece");
  const category = one.getByRole("group", { name: "Category" });
  await expect(category.locator("strong")).toHaveText(second.category);
  await category.locator("summary").click();
  await expect(category.getByRole("link", { name: second.id })).toHaveAttribute("href", `/listings/${second.id}`);
  await expect(category.locator("summary")).toContainText(/vote: \d+ of the \d+ nearest/);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
});

test("labelled by keyboard, saved as CSV and JSONL, the pieces are taken in by the command line", async ({ page }) => {
  test.skip(!process.env.VITRINE_BIN, "needs the command line");
  const folder = folderOf({ [`T-1-1${ending}`]: photoOf(first, 1), [`T-1-2${ending}`]: photoOf(first, 2), [`T-2${ending}`]: photoOf(second) });
  await open(page, "/bench");
  await page.locator("#bench-folder").setInputFiles(folder);
  await lookedUp(page, 2);
  const [one, two] = [page.locator(".bench-piece").nth(0), page.locator(".bench-piece").nth(1)];

  // The first by keyboard alone: confirm everything, then correct the period, decline nothing.
  await one.getByLabel("Title").focus();
  await page.keyboard.press("Control+A");
  await page.keyboard.type('Ring, "as found"');
  await page.keyboard.press("Tab");
  await page.keyboard.type("1250.5");
  await one.getByRole("button", { name: "Confirm every guess" }).focus();
  await page.keyboard.press("Enter");
  const category = one.getByRole("group", { name: "Category" });
  await expect(category.getByRole("radio", { name: "Confirm" })).toBeChecked();
  await category.getByRole("radio", { name: "Confirm" }).focus();
  await page.keyboard.press("ArrowRight");
  await expect(category.getByRole("radio", { name: "Correct" })).toBeChecked();
  await page.keyboard.press("Tab");
  await page.keyboard.type("brooch");

  // The second is not settled: it is not saved, and the page says why.
  await page.getByLabel("Dealer’s reference").fill("the-bench");
  await page.getByLabel("Dealer’s name").fill("Bench & Sons");
  const saved = async (name: string): Promise<string> => {
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name }).click();
    const path = join(temporary("saved"), (await download).suggestedFilename());
    await (await download).saveAs(path);
    return path;
  };
  const csv = await saved("Save as CSV");
  await expect(page.locator(".bench-progress")).toContainText("1 piece saved as bench.csv. T-2: its category is not settled.");
  await two.getByRole("button", { name: "Confirm every guess" }).click();
  const stones = two.getByRole("group", { name: "Stone" }).first();
  if (await stones.getByRole("radio").count()) await stones.getByRole("radio", { name: "Decline" }).check();
  const jsonl = await saved("Save as JSONL");
  await expect(page.locator(".bench-progress")).toContainText("2 pieces saved as bench.jsonl.");

  const data = temporary("taken");
  const taken = vitrine(data, "ingest", csv, "--photos", folder);
  expect(taken.status, taken.said).toBe(0);
  expect(taken.json).toMatchObject({ listings: 1, skipped_count: 0 });
  const again = vitrine(data, "ingest", jsonl, "--photos", folder);
  expect(again.status, again.said).toBe(0);
  // The first says in JSON what it said in CSV; only the second is new.
  expect(again.json).toMatchObject({ listings: 1, unchanged: 1, skipped_count: 0 });
  const lines = readFileSync(jsonl, "utf8").trim().split("\n").map((line) => JSON.parse(line));
  expect(lines[0]).toMatchObject({ id: "T-1", title: 'Ring, "as found"', category: "brooch", price: { amount: 1250.5, currency: "GBP" } });
  expect(lines[0].photos).toEqual([`T-1-1${ending}`, `T-1-2${ending}`]);
  expect(lines[1].category).toBe(second.category);
});

test("a sheet is printed with what was decided, and nothing to be pressed", async ({ page, isMobile }) => {
  test.skip(isMobile, "one sheet of paper is as wide as another");
  await open(page, "/bench");
  await page.locator("#bench-folder").setInputFiles(folderOf({ [`T-1${ending}`]: photoOf(first), [`T-2${ending}`]: photoOf(second) }));
  await lookedUp(page, 2);
  const [one, two] = [page.locator(".bench-piece").nth(0), page.locator(".bench-piece").nth(1)];
  await one.getByRole("button", { name: "Confirm every guess" }).click();
  const metal = one.getByRole("group", { name: "Metal" });
  await metal.getByRole("radio", { name: "Correct" }).check();
  await metal.locator(".bench-other").fill("silver");
  await one.locator(".bench-near .bench-same").first().click();
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  for (const hidden of [".bench-intake", ".bench-progress", ".bench-save", ".bench-remove", ".bench-lead"]) await expect(page.locator(hidden).first()).toBeHidden();
  await expect(one.locator(".bench-photos img")).toBeVisible();
  await expect(one.locator(".bench-same:visible")).toHaveText(["This is the one"]);
  const decided = (group: Locator) =>
    group.locator(".bench-choice:visible").evaluateAll((choices) => choices.map((choice) => getComputedStyle(choice.querySelector("span")!, "::after").content));
  expect(await decided(one.getByRole("group", { name: "Category" }))).toEqual(['"Confirmed"']);
  expect(await decided(metal)).toEqual(['"Rather:"']);
  await expect(metal.locator(".bench-other")).toHaveValue("silver");
  // What is open is a line to write on.
  const left = two.getByRole("group", { name: "Category" });
  expect(await decided(left)).toEqual([]);
  await expect(left.locator(".bench-other")).toBeVisible();
  const pages = (await page.pdf({ format: "A4" })).toString("latin1").match(/\/Type\s*\/Page\b/g)!.length;
  expect(pages).toBe(2);
});

test("a confirmation is saved as a question that the shop measures itself by", async ({ page }) => {
  test.skip(!process.env.VITRINE_BIN, "needs the command line");
  const folder = folderOf({ [`T-1${ending}`]: photoOf(first), [`T-2${ending}`]: photoOf(second) });
  await open(page, "/bench");
  await page.locator("#bench-folder").setInputFiles(folder);
  await lookedUp(page, 2);
  await page.locator(".bench-piece").nth(0).getByLabel(`The same piece as ${first.title}`).first().check();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save the confirmations" }).click();
  const path = join(folder, "bench-queries.jsonl");
  await (await download).saveAs(path);
  const [query, ...others] = readFileSync(path, "utf8").trim().split("\n").map((line) => JSON.parse(line));
  expect(others).toEqual([]);
  expect(query).toMatchObject({ kind: "bench", photos: [`T-1${ending}`], relevant: [first.id] });
  const figures = vitrine(temporary("measured"), "evaluate", path);
  expect(figures.status, figures.said).toBe(0);
  expect(figures.json).toMatchObject({ queries: 1, kinds: { bench: { queries: 1 } } });
});

test("what is on the bench outlives a look at a listing, and leaving with unsaved work is asked about", async ({ page }) => {
  await open(page, "/bench");
  await page.locator("#bench-photos").setInputFiles([photoOf(first), photoOf(third)]);
  await lookedUp(page, 2);
  const one = page.locator(".bench-piece").first();
  await one.getByLabel("Title").fill("Found in a drawer");
  const category = one.getByRole("group", { name: "Category" });
  await category.getByRole("radio", { name: "Decline" }).check();
  await one.locator(".near").first().click();
  await expect(page).toHaveURL(/\/listings\//);
  await page.goBack();
  await expect(page).toHaveURL("/bench");
  await expect(one.getByLabel("Title")).toHaveValue("Found in a drawer");
  await expect(category.getByRole("radio", { name: "Decline" })).toBeChecked();
  const asked = page.waitForEvent("dialog");
  const left = page.reload().catch(() => {});
  const dialog = await asked;
  expect(dialog.type()).toBe("beforeunload");
  await dialog.accept();
  await left;
});

test("a round can be stopped and gone on with, and a piece taken off", async ({ page }) => {
  await open(page, "/bench");
  const answer = await holdBack(page, "**/fn/identify-pictures*");
  await page.locator("#bench-photos").setInputFiles([photoOf(first), photoOf(second)]);
  await expect(page.locator(".bench-piece").first()).toContainText("Being looked up");
  await expect(page.locator(".bench-progress")).toContainText("0 of 2 looked up.");
  await page.getByRole("button", { name: "Stop" }).click();
  await expect(page.locator(".bench-piece").first()).toContainText("Waiting for its turn");
  answer();
  await expect(page.getByRole("button", { name: "Go on" })).toBeFocused();
  await page.locator(".bench-piece").nth(1).getByRole("button", { name: "Take off the bench" }).click();
  await expect(page.locator(".bench-piece")).toHaveCount(1);
  await page.getByRole("button", { name: "Go on" }).click();
  await lookedUp(page, 1);
});

test.describe("what goes wrong", () => {
  test.use({ expected: /net::ERR_FAILED|status of 415|Failed to load resource/ });

  test("a shop out of reach stops the round, and what failed is tried again", async ({ page }) => {
    await open(page, "/bench");
    await page.route("**/fn/identify-pictures*", (route) => route.abort());
    await page.locator("#bench-photos").setInputFiles([photoOf(first), photoOf(second)]);
    await expect(page.locator(".bench-piece").first()).toContainText("We cannot reach the shop.");
    await expect(page.locator(".bench-piece").nth(1)).toContainText("Waiting for its turn");
    await page.unroute("**/fn/identify-pictures*");
    await page.getByRole("button", { name: "Try the failed again" }).click();
    await lookedUp(page, 2);
  });

  test("a file that cannot be read says so, and the others are looked up", async ({ page }) => {
    await open(page, "/bench");
    await page.locator("#bench-photos").setInputFiles([
      { name: "a.jpg", mimeType: "image/jpeg", buffer: Buffer.from("a ring") },
      { name: `b${ending}`, mimeType: "image/webp", buffer: readFileSync(photoOf(first)) },
    ]);
    await expect(page.locator(".bench-progress .bench-said")).toContainText("1 of 2 looked up, 1 failed.", { timeout: 45_000 });
    await expect(page.locator(".bench-piece").first()).toContainText("That file is not a picture we can read.");
  });
});

test("photos dropped on the bench are laid on it, and the page is not left", async ({ page }) => {
  await open(page, "/bench");
  const base64 = readFileSync(photoOf(first)).toString("base64");
  const carried = await page.evaluateHandle((base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const carried = new DataTransfer();
    carried.items.add(new File([bytes], "dropped.webp", { type: "image/webp" }));
    return carried;
  }, base64);
  await page.dispatchEvent(".bench-intake", "dragover", { dataTransfer: carried });
  await page.dispatchEvent(".bench-intake", "drop", { dataTransfer: carried });
  await expect(page.locator(".drop")).not.toHaveClass(/drop--over/);
  await lookedUp(page, 1);
  await expect(page).toHaveURL("/bench");
  await expect(page.locator(".bench-piece").getByLabel("Reference")).toHaveValue("dropped");
});

test("four photos of one piece are one question", async ({ page }) => {
  await open(page, "/bench");
  await page.getByText("All are of one piece").click();
  const sent = page.waitForRequest("**/fn/identify-pictures*");
  await page.locator("#bench-photos").setInputFiles([photoOf(first, 1), photoOf(first, 2)]);
  // Two small JPEGs, made smaller in the browser.
  const body = (await sent).postDataBuffer()!;
  expect(body.toString("latin1").split("\xff\xd8\xff").length - 1).toBe(2);
  await lookedUp(page, 1);
  await expect(page.locator(".bench-photos img")).toHaveCount(2);
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("the bench says what it needs and what works instead", async ({ page }) => {
    await page.goto("/bench");
    await expect(page.getByText("needs scripts, which are off")).toBeVisible();
    await expect(page.getByText("Choose photos")).toBeHidden();
  });
});

test("a folder dropped on the bench is taken whole, with the folders in it", async ({ page, isMobile }) => {
  test.skip(isMobile, "nobody drops folders on a phone");
  await open(page, "/bench");
  const photo = (listing: typeof first) => readFileSync(photoOf(listing)).toString("base64");
  const files = { [`T-1${ending}`]: photo(first), [`tray/T-2${ending}`]: photo(second), "notes.txt": "" };
  // A real folder in the browser's own file system: a script cannot put one of the device's into what it carries.
  await page.evaluate(async (files) => {
    const asked = <T>(ask: (found: (value: T) => void, failed: (reason: unknown) => void) => void) => new Promise<T>(ask);
    const system = await asked<any>((found, failed) => (window as any).webkitRequestFileSystem(0, 1 << 24, found, failed));
    const folder = (within: any, name: string) => asked<any>((found, failed) => within.getDirectory(name, { create: true }, found, failed));
    const photos = await folder(system.root, "photos");
    await folder(photos, "tray");
    for (const [path, base64] of Object.entries(files)) {
      const file = await asked<any>((found, failed) => photos.getFile(path, { create: true }, found, failed));
      const writer = await asked<any>((found, failed) => file.createWriter(found, failed));
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      await new Promise((found) => {
        writer.onwriteend = found;
        writer.write(new Blob([bytes]));
      });
    }
    DataTransferItem.prototype.webkitGetAsEntry = () => photos;
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([], "photos"));
    document.querySelector(".bench-intake")!.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
  }, files);
  await lookedUp(page, 2);
  const references = page.locator(".bench-piece").getByLabel("Reference");
  await expect(references).toHaveCount(2);
  expect(await references.evaluateAll((all) => all.map((field) => (field as HTMLInputElement).value))).toEqual(["T-1", "T-2"]);
  await expect(page).toHaveURL("/bench");
});
