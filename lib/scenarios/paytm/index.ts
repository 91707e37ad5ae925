/**
 * Paytm's wallets on a ring: `simulateWallets` moves money in three ways while machines fail, and
 * `moveWallets` changes the ring under it.
 */
import "../../kernel/in-stock-kernel";
export { balancesOf, EscrowClient, mergeLedgers } from "./escrow-client";
export { CompareAndSetClient } from "./compare-and-set-client";
export { LastWriteWinsClient } from "./last-write-wins-client";
export { moveWallets } from "./move-wallets";
export type { WalletMove, WalletMoveRow } from "./move-wallets";
export { simulateWallets } from "./simulate-wallets";
export type { WalletKind, WalletResult, WalletSimulation } from "./simulate-wallets";
export type { Transfer, TransferOutcome, WalletClientOptions } from "./wallet-client";
