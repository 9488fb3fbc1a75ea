import { plainText } from '#core/live/plainText.ts';

/** What Helm says against a template. */
export interface HelmError {
  /** From the folder of the chart: `templates/service.yaml`; undefined when it names no file. */
  readonly path: string | undefined;
  /** Line and character, from 0. */
  readonly line: number;
  readonly character: number;
  /** One line without control characters. */
  readonly message: string;
}

/** `chart/templates/a.yaml:3:12`, in whatever words stand around it (text/template of Go, and pkg/engine of helm v3.22.0). */
const PLACE = /(?:template: |error at \(|error on |at \()([^\s:()]+\.(?:ya?ml|tpl|txt|json))(?::(\d+))?(?::(\d+))?/g;

/** Reads what `helm template` wrote on its standard error. Of several places the innermost is meant, which comes last. */
export function readHelmError(stderr: string): HelmError | undefined {
  const said = /^Error: ([\s\S]*?)(?:\n\nUse --debug|$(?![\s\S]))/m.exec(stderr)?.[1]?.trim() ?? stderr.trim();
  if (said === '') return undefined;
  const place = [...said.matchAll(PLACE)].at(-1);
  const line = Number(place?.[2] ?? 1);
  const character = Number(place?.[3] ?? 0);
  return {
    path: place?.[1]?.slice(place[1].indexOf('/') + 1),
    line: Math.max(line - 1, 0),
    character,
    message: plainText(said, 2_000),
  };
}
