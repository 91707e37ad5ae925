export { formatEdnHistory, parseEdnHistory } from "./edn-history";
export { parseJepsenLog } from "./jepsen-log";
export { formatJsonHistory, parseJsonHistory } from "./json-lines";
export { parseHistory, readHistory } from "./read";
