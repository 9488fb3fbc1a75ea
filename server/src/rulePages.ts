import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { uriOfPath } from '#server/uris.ts';

/** The page that explains a rule, as the URI of a file that comes with the program; undefined for a rule without one. */
export type PageOfRule = (code: string) => string | undefined;

/** @param schemaFolder the folder `schemas` of the bundles; the pages are shipped beside the bundles' own folder */
export function pagesBeside(schemaFolder: string): PageOfRule {
  const known = new Map<string, string | undefined>();
  return (code) => {
    if (!known.has(code)) {
      const page = join(schemaFolder, '..', '..', 'docs', 'rules', `${code}.md`);
      known.set(code, existsSync(page) ? uriOfPath(page) : undefined);
    }
    return known.get(code);
  };
}
