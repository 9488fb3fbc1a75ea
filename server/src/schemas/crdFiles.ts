import { neverCancelled, type Cancellation, type WorkspaceFiles } from '#core/ports.ts';
import type { KindSchema } from '#core/schema/catalog.ts';
import { mayHoldCrd, readCrdText } from '#core/schema/crdText.ts';

export interface CrdFilesReading {
  readonly kinds: readonly KindSchema[];
  readonly problems: readonly string[];
}

const CRD_EXTENSIONS: readonly string[] = ['.yaml', '.yml', '.json'];
const FILE_LIMIT = 5_000;

/** Reads every definition in the files and folders a user names; what is not there or holds none is a problem. */
export async function readCrdPaths(
  paths: readonly string[],
  files: WorkspaceFiles,
  cancellation: Cancellation = neverCancelled,
): Promise<CrdFilesReading> {
  const readings = await Promise.all(paths.map((path) => readCrdPath(path, files, cancellation)));
  return {
    kinds: readings.flatMap(({ kinds }) => kinds),
    problems: readings.flatMap(({ problems }) => problems),
  };
}

async function readCrdPath(path: string, files: WorkspaceFiles, cancellation: Cancellation): Promise<CrdFilesReading> {
  const kind = await files.kindOf(path);
  if (!kind) return { kinds: [], problems: [`${path} does not exist`] };
  const list =
    kind === 'file'
      ? [path]
      : await files.list({ folders: [path], extensions: CRD_EXTENSIONS, limit: FILE_LIMIT }, cancellation);
  const kinds: KindSchema[] = [];
  const problems: string[] = [];
  for (const file of list) {
    const content = await files.read(file);
    if (content.kind === 'problem') problems.push(`${file} cannot be read: ${content.detail}`);
    else if (mayHoldCrd(content.text)) {
      const reading = readCrdText(content.text, { origin: 'workspace', name: file });
      kinds.push(...reading.kinds);
      problems.push(...reading.problems.map((problem) => `${file}: ${problem}`));
    }
  }
  if (kinds.length === 0 && problems.length === 0) problems.push(`${path} holds no CustomResourceDefinition`);
  return { kinds, problems };
}
