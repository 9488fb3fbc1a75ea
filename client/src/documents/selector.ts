import { documentLanguages } from '#client/contributions.ts';

export interface DocumentFilterEntry {
  readonly language: string;
  readonly scheme: string;
}

/** Where documents may live: on disk, not saved yet, and in the virtual file systems of repositories. */
const documentSchemes = ['file', 'untitled', 'vscode-vfs'] as const;

/** The documents we serve, in the form both the editor and the language client take. */
export const documentFilters: readonly DocumentFilterEntry[] = documentLanguages.flatMap((language) =>
  documentSchemes.map((scheme) => ({ language, scheme })),
);

/** Whether a document with this language and scheme is served. */
export function isServedDocument(language: string, scheme: string): boolean {
  return documentFilters.some((filter) => filter.language === language && filter.scheme === scheme);
}
