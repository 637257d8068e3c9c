// Two cameras: the browser's own fakes, since a film (camera.spec.ts) makes only one.
import { browser } from "../support/browser";
import { running, watch } from "../support/camera";
import { expect, open, test } from "../support/test";

test.use({
  permissions: ["camera"],
  launchOptions: { ...browser.launchOptions, args: [...browser.launchOptions.args, "--use-fake-device-for-media-stream=device-count=2"] },
});

test("it can be switched to another", async ({ page }) => {
  await watch(page);
  await open(page, "/camera");
  await expect(page.getByRole("button", { name: "Take the photo" })).toBeVisible();
  const device = () =>
    page.evaluate(() => (window as unknown as { tracks: MediaStreamTrack[] }).tracks.filter((track) => track.readyState === "live")[0]?.getSettings().deviceId);
  const first = await device();
  await page.getByRole("button", { name: "Switch camera" }).click();
  await expect.poll(async () => (await device()) ?? first).not.toBe(first);
  await expect.poll(() => running(page)).toBe(1);
  await expect(page.getByRole("button", { name: "Take the photo" })).toBeVisible();
});
