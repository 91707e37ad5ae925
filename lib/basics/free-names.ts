/** Which names a function uses but does not declare. */
import { parse } from "acorn";
import type { Node } from "acorn";
import { InputError } from "./input-error";

type AnyNode = Node & Readonly<Record<string, unknown>>;

const language = new Set([...Object.getOwnPropertyNames(globalThis), "arguments", "undefined"]);

/**
 * The free names of the function expression `text`, in the order of their first use. Names that
 * any part of the function declares count as declared everywhere in it. A variable of an earlier
 * notebook cell, which the kernel writes as `exports.rows`, is told as `rows`.
 */
export function freeNames(text: string, name: string): string[] {
  const uses: string[] = [];
  const declared = new Set<string>();
  visit(parseExpression(text, name), { uses, declared });
  return [...new Set(uses)].filter((use) => !declared.has(use) && !language.has(use));
}

function parseExpression(text: string, name: string): AnyNode {
  try {
    return parse(`(${text})`, { ecmaVersion: 2022 }) as unknown as AnyNode;
  } catch (error) {
    throw new InputError(`${name} cannot be sent to a worker: ${(error as Error).message}`);
  }
}

interface Found {
  readonly uses: string[];
  readonly declared: Set<string>;
}

function visit(node: AnyNode, found: Found): void {
  switch (node.type) {
    case "Identifier":
      found.uses.push(node["name"] as string);
      return;
    case "MemberExpression":
      return visitMember(node, found);
    case "Property":
    case "MethodDefinition":
    case "PropertyDefinition":
      if (node["computed"] === true) visit(node["key"] as AnyNode, found);
      if (node["value"]) visit(node["value"] as AnyNode, found);
      return;
    case "VariableDeclarator":
      declare(node["id"] as AnyNode, found);
      if (node["init"]) visit(node["init"] as AnyNode, found);
      return;
    case "LabeledStatement":
      return visit(node["body"] as AnyNode, found);
    case "BreakStatement":
    case "ContinueStatement":
      return;
    case "CatchClause":
      if (node["param"]) declare(node["param"] as AnyNode, found);
      return visit(node["body"] as AnyNode, found);
    default:
      if (/Function|^Class/.test(node.type)) return visitFunction(node, found);
      return visitChildren(node, found);
  }
}

function visitMember(node: AnyNode, found: Found): void {
  const [object, property] = [node["object"] as AnyNode, node["property"] as AnyNode];
  const isEarlierCell = object.type === "Identifier" && object["name"] === "exports";
  if (isEarlierCell) return void found.uses.push(String(property["name"]));
  visit(object, found);
  if (node["computed"] === true) visit(property, found);
}

function visitFunction(node: AnyNode, found: Found): void {
  if (node["id"]) declare(node["id"] as AnyNode, found);
  for (const parameter of (node["params"] ?? []) as AnyNode[]) declare(parameter, found);
  if (node["superClass"]) visit(node["superClass"] as AnyNode, found);
  visit(node["body"] as AnyNode, found);
}

/** The names of a pattern are declared; its default values are uses. */
function declare(pattern: AnyNode, found: Found): void {
  switch (pattern.type) {
    case "Identifier":
      found.declared.add(pattern["name"] as string);
      return;
    case "ObjectPattern":
      for (const property of pattern["properties"] as AnyNode[]) {
        declare((property["value"] ?? property["argument"]) as AnyNode, found);
      }
      return;
    case "ArrayPattern":
      for (const element of pattern["elements"] as (AnyNode | null)[]) {
        if (element) declare(element, found);
      }
      return;
    case "AssignmentPattern":
      declare(pattern["left"] as AnyNode, found);
      return visit(pattern["right"] as AnyNode, found);
    case "RestElement":
      return declare(pattern["argument"] as AnyNode, found);
  }
}

function visitChildren(node: AnyNode, found: Found): void {
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (typeof child === "object" && child !== null && "type" in child) {
        visit(child as AnyNode, found);
      }
    }
  }
}
