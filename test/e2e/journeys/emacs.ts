import { inProject } from '../../../scripts/editor/paths.mjs';
import { driveLanguageClient } from '../support/languageClient.ts';
import type { Journey } from '../support/stage.ts';

const script = inProject('test', 'e2e', 'clients', 'client.el');

export const emacs: Journey = {
  name: 'emacs: eglot drives the server',
  run: (stage) => driveLanguageClient(stage, 'emacs', ['-q', '--batch', '-l', script]),
};
