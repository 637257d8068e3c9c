// A picture's link, without going through the page: what somebody who was sent one has.
import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";

/** The token of a picture file, from the REST API. */
export async function tokenOf(page: Page, file: string): Promise<string> {
  const answer = await page.request.post("/api/v1/search", {
    multipart: { photo: { name: "query.jpg", mimeType: "image/jpeg", buffer: readFileSync(file) }, limit: "1" },
  });
  return ((await answer.json()) as { query: { token: string } }).query.token;
}

/** The token of a picture of nothing the shop has. */
export const noise = async (page: Page): Promise<string> => {
  const bytes = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(300, 300);
    const context = canvas.getContext("2d")!;
    // A quilt of sixteen colours.
    let seed = 39595;
    const channel = () => (seed = (seed * 48271) % 2147483647) % 256;
    for (let n = 0; n < 16; n++) {
      context.fillStyle = `rgb(${channel()} ${channel()} ${channel()})`;
      context.fillRect((n % 4) * 75, Math.floor(n / 4) * 75, 75, 75);
    }
    return Array.from(new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer()));
  });
  const answer = await page.request.post("/api/v1/search", {
    multipart: { photo: { name: "quilt.png", mimeType: "image/png", buffer: Buffer.from(bytes) }, limit: "1" },
  });
  return ((await answer.json()) as { query: { token: string } }).query.token;
};
