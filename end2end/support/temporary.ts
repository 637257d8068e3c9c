// Folders for a while: removed after the tests by whoever began them (server.ts).
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A new, empty folder. */
export const temporary = (name: string): string => mkdtempSync(join(process.env.VITRINE_END2END ?? tmpdir(), `vitrine-${name}-`));
