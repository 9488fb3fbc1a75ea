import { inProject } from '../../../scripts/editor/paths.mjs';
import { driveLanguageClient } from '../support/languageClient.ts';
import type { Journey } from '../support/stage.ts';

const script = inProject('test', 'e2e', 'clients', 'client.lua');

export const neovim: Journey = {
  name: 'neovim: its own client drives the server',
  run: (stage) =>
    driveLanguageClient(stage, 'nvim', ['--headless', '-u', 'NONE', '-i', 'NONE', '-c', `luafile ${script}`]),
};
