import type { DataSystem } from '#core/systems/contract.ts';
import { tfjobKinds } from '#core/systems/tfjob/kinds.ts';
import { tfjobKnowledge } from '#core/systems/tfjob/knowledge/index.ts';
import { tfjobLive } from '#core/systems/tfjob/live.ts';
import { tfjobPreview } from '#core/systems/tfjob/preview/index.ts';
import { recognizeTfjob } from '#core/systems/tfjob/recognize.ts';
import { tfjobRules } from '#core/systems/tfjob/rules/index.ts';

export const tfjob: DataSystem = {
  id: 'tfjob',
  title: 'TFJob',
  kinds: tfjobKinds,
  snippetFile: 'tfjob.json',
  knowledge: tfjobKnowledge,
  recognize: recognizeTfjob,
  rules: tfjobRules,
  live: tfjobLive,
  preview: tfjobPreview,
};
