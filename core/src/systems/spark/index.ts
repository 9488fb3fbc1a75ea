import type { DataSystem } from '#core/systems/contract.ts';
export const spark: DataSystem = {
  id: 'spark',
  title: 'spark',
  kinds: [],
  snippetFile: '',
  knowledge: { freeForm: [], files: [], environments: [] },
  recognize: () => undefined,
};
