import type { DataSystem } from '#core/systems/contract.ts';
export const tfjob: DataSystem = {
  id: 'tfjob',
  title: 'tfjob',
  kinds: [],
  snippetFile: '',
  knowledge: { freeForm: [], files: [], environments: [] },
  recognize: () => undefined,
};
