// A dealer's tray, drawn for a test: demo pieces photographed on white, side by side on one white sheet.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { demo, listings } from "./demo";
import type { Page } from "@playwright/test";

const TOGETHER = ["ring", "brooch"];

/** A JPEG of two pieces beside each other, and their listings' ids from left to right. */
export async function tray(page: Page): Promise<{ picture: { name: string; mimeType: string; buffer: Buffer }; ids: string[] }> {
  const offered = TOGETHER.map((category) =>
    listings
      .filter((listing) => listing.category === category && listing.status === "available")
      .slice(0, 40)
      .map(({ id, photos }) => ({ id, photo: `data:image/webp;base64,${readFileSync(join(demo, "photos", photos[0].replace(/^photos\//, ""))).toString("base64")}` })),
  );
  const drawn = await page.context().newPage();
  const { ids, jpeg } = await drawn.evaluate(async (offered) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 1000, height: 620 });
    const context = canvas.getContext("2d", { willReadFrequently: true })!;
    context.fillStyle = "#fff";
    context.fillRect(0, 0, 1000, 620);
    const ids: string[] = [];
    for (const [n, choices] of offered.entries()) {
      for (const { id, photo } of choices) {
        const image = new Image();
        image.src = photo;
        await image.decode();
        // White paper is never quite white in a photo: as bright as the sheet, or else it would be a third shape.
        const own = document.createElement("canvas");
        own.width = own.height = 400;
        const paper = own.getContext("2d", { willReadFrequently: true })!;
        paper.drawImage(image, 0, 0, 400, 400);
        const pixels = paper.getImageData(0, 0, 400, 400);
        const corners = [0, 399, 399 * 400, 400 * 400 - 1].map((at) => Math.min(...pixels.data.slice(4 * at, 4 * at + 3)));
        if (Math.min(...corners) < 228) continue;
        pixels.data.forEach((value, at) => (pixels.data[at] = (value * 255) / 224));
        paper.putImageData(pixels, 0, 0);
        context.drawImage(own, 60 + n * 480, 110);
        ids.push(id);
        break;
      }
    }
    return { ids, jpeg: canvas.toDataURL("image/jpeg", 0.92) };
  }, offered);
  await drawn.close();
  return { picture: { name: "tray.jpg", mimeType: "image/jpeg", buffer: Buffer.from(jpeg.split(",")[1], "base64") }, ids };
}
