import { documentLanguages } from '#client/contributions.ts';
import { LIVE_SCHEME } from '#core/protocol.ts';

export interface DocumentFilterEntry {
  readonly language: string;
  readonly scheme: string;
  /** Only documents whose path fits it. */
  readonly pattern?: string;
}

/** Where documents may live: on disk, not saved yet, in the virtual file systems of repositories, and in live clusters. */
const documentSchemes = ['file', 'untitled', 'vscode-vfs', LIVE_SCHEME] as const;

/** The documents we serve, in the form both the editor and the language client take. */
export const documentFilters: readonly DocumentFilterEntry[] = [
  ...documentLanguages.flatMap((language) => documentSchemes.map((scheme) => ({ language, scheme }))),
  // Schemas of the values of Helm charts are checked with their charts.
  { language: 'json', scheme: 'file', pattern: '**/values.schema.json' },
];

/** Whether a document with this language and scheme may hold manifests, and is served. */
export function isServedDocument(language: string, scheme: string): boolean {
  return documentFilters.some(
    (filter) => filter.pattern === undefined && filter.language === language && filter.scheme === scheme,
  );
}
