import type { DataSystem } from '#core/systems/contract.ts';
export const kafka: DataSystem = {
  id: 'kafka',
  title: 'kafka',
  kinds: [],
  snippetFile: '',
  knowledge: { freeForm: [], files: [], environments: [] },
  recognize: () => undefined,
};
