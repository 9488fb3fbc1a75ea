import type { DataSystem } from '#core/systems/contract.ts';
export const cassandra: DataSystem = {
  id: 'cassandra',
  title: 'cassandra',
  kinds: [],
  snippetFile: '',
  knowledge: { freeForm: [], files: [], environments: [] },
  recognize: () => undefined,
};
