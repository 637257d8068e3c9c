// What the page does with the camera.
import type { Page } from "@playwright/test";

/** Remembers what the page got of the camera. */
export async function watch(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const tracks: MediaStreamTrack[] = [];
    Object.assign(window, { tracks });
    const get = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
    if (get)
      navigator.mediaDevices.getUserMedia = async (wanted) => {
        const stream = await get(wanted);
        tracks.push(...stream.getTracks());
        return stream;
      };
  });
}

export const running = (page: Page) =>
  page.evaluate(() => (window as unknown as { tracks: MediaStreamTrack[] }).tracks.filter((track) => track.readyState === "live").length);
