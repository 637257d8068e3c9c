// The demo catalogue as it lies in the repository: its listings, and shoppers' pictures with their answers.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
export const demo = process.env.VITRINE_DEMO ?? join(root, "demo");

export type Listing = {
  id: string;
  dealer: { id: string; name: string };
  title: string;
  description: string;
  category: string;
  period: string | null;
  metals: string[];
  stones: string[];
  motifs: string[];
  price: { amount: number; currency: string } | null;
  status: string;
  photos: string[];
};

export type Query = { kind: string; photos: string[]; text: string | null; relevant: string[] };

const lines = <T>(name: string): T[] =>
  readFileSync(join(demo, name), "utf8")
    .split("\n")
    .filter((line) => line.trim())
    .map((line) => JSON.parse(line) as T);

export const listings = lines<Listing>("listings.jsonl");
export const queries = ["queries.jsonl", "queries-text.jsonl"].filter((name) => existsSync(join(demo, name))).flatMap((name) => lines<Query>(name));
/** One picture of one piece, and no words. */
export const photoQueries = queries.filter((query) => query.photos.length === 1 && !query.text);
export const pictureOf = (query: Query): string => join(demo, query.photos[0]);
export const listing = (id: string): Listing => {
  const found = listings.find((listing) => listing.id === id);
  if (!found) throw new Error(`there is no listing ${id} in the demo catalogue`);
  return found;
};
