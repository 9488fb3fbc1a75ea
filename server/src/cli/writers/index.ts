import type { OutputFormat } from '#server/cli/arguments.ts';
import { writeGithub } from '#server/cli/writers/github.ts';
import { writeJson } from '#server/cli/writers/json.ts';
import { writeJunit } from '#server/cli/writers/junit.ts';
import type { ReportWriter } from '#server/cli/writers/report.ts';
import { writeSarif } from '#server/cli/writers/sarif.ts';
import { writeText } from '#server/cli/writers/text.ts';

/** One writer per format. */
export const writers: Readonly<Record<OutputFormat, ReportWriter>> = {
  text: writeText,
  json: writeJson,
  sarif: writeSarif,
  junit: writeJunit,
  github: writeGithub,
};
