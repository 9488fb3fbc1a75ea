import type { Preview } from '#core/preview/model.ts';
import { previewAt, previewFile, type DocumentPreview } from '#core/preview/previewFile.ts';
import { previewText } from '#core/preview/text.ts';
import { makeEngine } from '#test/support/lint.ts';

const engine = makeEngine();

/** What comes of each document of a text. */
export async function documentsOf(text: string): Promise<readonly DocumentPreview[]> {
  const { context, analyzeText } = await ready();
  return previewFile(text, analyzeText(text), context);
}

/** What comes of the document at an offset. */
export async function documentsAt(text: string, offset: number): Promise<readonly DocumentPreview[]> {
  const { context, analyzeText } = await ready();
  return previewAt(text, analyzeText(text), context, offset);
}

async function ready() {
  const made = await engine;
  return { context: made.context, analyzeText: (text: string) => made.analyzeText(text) };
}

/** The preview of a text with one object. @throws Error when there is none */
export async function previewOf(text: string): Promise<Preview> {
  const [first] = await documentsOf(text);
  if (first?.state !== 'preview') throw new Error(`there is no preview: ${JSON.stringify(first)}`);
  return first.preview;
}

/** The lines of the preview as the command line prints them, without their indentation. */
export async function linesOf(text: string): Promise<readonly string[]> {
  return previewText(await previewOf(text))
    .split('\n')
    .map((line) => line.trim());
}

/** An application of the Kubeflow operator with further fields of its specification. */
export function application(fields: string, type = 'Scala'): string {
  const file = { Scala: 'local:///etl.jar', Python: 'local:///etl.py', R: 'local:///etl.R' }[type] ?? 'local:///etl';
  return `apiVersion: sparkoperator.k8s.io/v1beta2
kind: SparkApplication
metadata: { name: etl, namespace: data }
spec:
  type: ${type}
  sparkVersion: 4.0.0
  mainApplicationFile: ${file}
${fields}
`;
}
