export { LinKv } from "./lin-kv";
export type { LinKvMessage, LinKvOptions, LinKvTimer } from "./lin-kv";
