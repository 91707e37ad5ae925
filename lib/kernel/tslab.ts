/** The parts of stock tslab 1.0.22 that the repairs touch, with the types that it does not ship. */
import { createRequire } from "module";
import { dirname, join } from "path";
import type { Socket } from "./wire";

export interface TslabExecutor {
  execute(code: string): Promise<boolean>;
}

export interface TslabHandler {
  executor: TslabExecutor;
  /** How many cells it has run itself, and the end of the last of them. */
  execCount: number;
  execQueue: { prev: Promise<unknown> };
  handleIsComplete(content: { code: string }): { status: string; indent?: string };
  handleInspect(content: unknown): unknown;
  handleComplete(content: unknown): unknown;
}

export interface TslabServer {
  connInfo: { key: string; transport: string; ip: string };
  iopub: Socket;
  control: Socket;
  handler: TslabHandler;
  handleShellMessage(socket: Socket, ...frames: Buffer[]): Promise<void>;
  close(): void;
}

/** A shown value: the content of `display_data`. */
export interface DisplayData {
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly transient: Readonly<Record<string, unknown>>;
}

export interface TslabParts {
  readonly version: string;
  readonly typescriptVersion: string;
  readonly jupyter: {
    ZmqServer: { prototype: TslabServer & Record<string, unknown> };
    lastWriteDisplayData: ((content: DisplayData, isUpdate: boolean) => void) | null;
  };
  readonly typescript: TypeScriptParts;
  readonly zeromq: Record<"Publisher" | "Router", { prototype: object }>;
  readonly zeromqPath: string;
}

/** A node of the syntax tree, as far as the repairs look at it. */
export interface SyntaxNode {
  readonly kind: number;
  readonly end: number;
  readonly name?: SyntaxNode;
  /** Of a pattern's element that is renamed: the property. */
  readonly propertyName?: SyntaxNode;
  /** Of an expression with an operator between two others. */
  readonly left?: SyntaxNode;
  readonly operatorToken?: SyntaxNode;
  readonly objectAssignmentInitializer?: SyntaxNode;
  /** Of a file. */
  readonly statements?: readonly SyntaxNode[];
  /** Of `for await`. */
  readonly awaitModifier?: SyntaxNode;
  getStart(file: SyntaxNode): number;
}

type KindName =
  | "AwaitExpression"
  | "BinaryExpression"
  | "BindingElement"
  | "EqualsToken"
  | "Identifier"
  | "PropertyAssignment"
  | "ShorthandPropertyAssignment";

/** What the repairs use of the kernel's own compiler. */
export interface TypeScriptParts {
  readonly createWatchCompilerHost: CreateCompilerHost;
  readonly SyntaxKind: Readonly<Record<KindName, number>>;
  createSourceFile(name: string, text: string, target: number, setParents: boolean): SyntaxNode;
  /** The first result that is not undefined. */
  forEachChild<T>(node: SyntaxNode, visit: (child: SyntaxNode) => T | undefined): T | undefined;
  isFunctionLike(node: SyntaxNode): boolean;
}

/** The part of the compiler's system that schedules work. */
export interface CompilerSystem {
  setTimeout(callback: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

type CreateCompilerHost = (
  files: readonly string[],
  options: Record<string, unknown>,
  system: CompilerSystem,
  ...rest: unknown[]
) => CompilerHost;

type Watch<C> = (path: string, callback: C, ...rest: unknown[]) => { close(): void };

/** What tslab tells the compiler to call, and what the compiler watches through. */
export interface CompilerHost {
  watchFile: Watch<(file: string, kind: number) => void>;
  watchDirectory: Watch<(file: string) => void>;
  afterProgramCreate?: (builder: CompilerBuilder) => void;
}

interface CompilerBuilder {
  getProgram(): { getSourceFiles(): readonly { original?: unknown }[] };
}

/** The tslab that this process has loaded, or undefined. */
export function loadedTslab(): TslabParts | undefined {
  const file = loadedFile();
  return file === undefined ? undefined : loadParts(dirname(dirname(file)));
}

export function isTslabLoaded(): boolean {
  return loadedFile() !== undefined;
}

function loadedFile(): string | undefined {
  const ending = join("tslab", "dist", "jupyter.js");
  return Object.keys(require.cache).find((path) => path.endsWith(ending));
}

/** The tslab installed beside the library. */
export function installedTslab(): TslabParts {
  return loadParts(dirname(require.resolve("tslab/package.json")));
}

function loadParts(folder: string): TslabParts {
  const load = createRequire(join(folder, "package.json"));
  const typescript = load("@tslab/typescript-for-tslab") as TypeScriptParts & { version: string };
  return {
    version: (load("./package.json") as { version: string }).version,
    typescriptVersion: typescript.version,
    jupyter: load("./dist/jupyter.js") as TslabParts["jupyter"],
    typescript,
    zeromq: load("zeromq") as TslabParts["zeromq"],
    zeromqPath: load.resolve("zeromq"),
  };
}
