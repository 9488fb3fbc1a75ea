export { readTolerant, type StrayBlock, type TolerantDocument } from '#core/yaml/tolerant/reader.ts';
