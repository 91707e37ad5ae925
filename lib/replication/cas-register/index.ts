/** A register that a majority agrees on, change by change: CASPaxos. */
export { CasRegister } from "./cas-register";
export type { CasRegisterOptions } from "./cas-register";
export { CasClient } from "./cas-client";
export type { CasClientOptions } from "./cas-client";
export type { CasAnswer, CasMessage, CasRequest, CasTimer } from "./messages";
export { casRules } from "./rules";
export type { CasRules } from "./rules";
export * from "./simulation";
export * from "./storm";
