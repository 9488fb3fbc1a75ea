import type { DataSystem } from '#core/systems/contract.ts';
import { sparkKinds } from '#core/systems/spark/kinds.ts';
import { sparkKnowledge } from '#core/systems/spark/knowledge/index.ts';
import { sparkLive } from '#core/systems/spark/live.ts';
import { sparkPreview } from '#core/systems/spark/preview/index.ts';
import { recognizeSpark } from '#core/systems/spark/recognize.ts';
import { sparkRules } from '#core/systems/spark/rules/index.ts';

export const spark: DataSystem = {
  id: 'spark',
  title: 'Spark',
  kinds: sparkKinds,
  snippetFile: 'spark.json',
  knowledge: sparkKnowledge,
  recognize: recognizeSpark,
  rules: sparkRules,
  live: sparkLive,
  preview: sparkPreview,
};
