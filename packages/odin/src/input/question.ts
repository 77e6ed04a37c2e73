import { type CompiledSchema, compileSchema, type OutputOf, type Schema } from '../define/schema.ts';
import { isJsonObject, type JsonObject } from '../protocol/json.ts';
import { toFormSchema } from './form.ts';

/** Asks the user to fill in a form (MCP 2026-07-28, client/elicitation, form mode). */
export interface FormQuestion<S extends Schema = Schema> {
  readonly message: string;
  /** A flat object of strings, numbers, booleans and enums; nothing nested can be asked for. */
  readonly schema: S;
}

/** Sends the user to a page, for what must not pass through the client: passwords, payments (URL mode). */
export interface UrlQuestion {
  readonly message: string;
  readonly url: string;
}

/** Asks the client's model for a message (client/sampling; deprecated from 2026-07-28 on). */
export interface SampleQuestion {
  readonly sample: {
    readonly messages: readonly object[];
    readonly maxTokens: number;
    readonly systemPrompt?: string;
    readonly temperature?: number;
    readonly stopSequences?: readonly string[];
    readonly modelPreferences?: object;
  };
}

/** Asks for the folders that the client works in (client/roots; deprecated from 2026-07-28 on). */
export interface RootsQuestion {
  readonly roots: true;
}

export type Question = FormQuestion | UrlQuestion | SampleQuestion | RootsQuestion;

/** What the user did with a form, and what they filled in. */
export type FormAnswer<T> =
  | { readonly action: 'accept'; readonly content: T }
  | { readonly action: 'decline' | 'cancel'; readonly content?: undefined };
export interface UrlAnswer {
  readonly action: 'accept' | 'decline' | 'cancel';
}
export interface SampleAnswer {
  readonly role: string;
  readonly content: JsonObject;
  readonly model?: string;
  readonly stopReason?: string;
}
export interface Root {
  readonly uri: string;
  readonly name?: string;
}

/** The answer that belongs to a question. */
export type AnswerTo<Q> =
  Q extends FormQuestion<infer S>
    ? FormAnswer<OutputOf<S>>
    : Q extends SampleQuestion
      ? SampleAnswer
      : Q extends RootsQuestion
        ? readonly Root[]
        : UrlAnswer;

/** A question as the wire has it, with the client capability it needs. */
export interface WireQuestion {
  readonly method: 'elicitation/create' | 'sampling/createMessage' | 'roots/list';
  readonly params: JsonObject;
  readonly requires: JsonObject;
}

const forms = new WeakMap<Schema, CompiledSchema>();

function compiledForm(schema: Schema): CompiledSchema {
  const known = forms.get(schema);
  if (known) return known;
  const compiled = compileSchema(schema, 'input', 'elicit, option schema');
  forms.set(schema, compiled);
  return compiled;
}

/** @throws OdinError `bad_schema` when a form's schema has no JSON Schema form, or asks for what a form cannot have */
export function toWire(question: Question): WireQuestion {
  if ('sample' in question) {
    return {
      method: 'sampling/createMessage',
      params: { ...question.sample } as unknown as JsonObject,
      requires: { sampling: {} },
    };
  }
  if ('roots' in question) return { method: 'roots/list', params: {}, requires: { roots: {} } };
  if ('url' in question) {
    const { message, url } = question;
    return {
      method: 'elicitation/create',
      params: { mode: 'url', message, url },
      requires: { elicitation: { url: {} } },
    };
  }
  const requestedSchema = toFormSchema(compiledForm(question.schema).json);
  return {
    method: 'elicitation/create',
    params: { message: question.message, requestedSchema },
    requires: { elicitation: { form: {} } },
  };
}

/** The answer to a question, from what the client sent; undefined when it is no valid answer, so that it is asked again. */
export async function readAnswer(question: Question, response: JsonObject): Promise<unknown> {
  if ('sample' in question)
    return isJsonObject(response.content) && typeof response.role === 'string' ? response : undefined;
  if ('roots' in question) return Array.isArray(response.roots) ? response.roots : undefined;
  const { action, content } = response;
  if (action === 'decline' || action === 'cancel') return { action };
  if (action !== 'accept') return undefined;
  if ('url' in question) return { action };
  const checked = await compiledForm(question.schema).validate(content ?? {});
  return checked.ok ? { action, content: checked.value } : undefined;
}

/** The capabilities of `requires` that the client did not declare. A bare `elicitation: {}` means forms, as before modes existed. */
export function missingCapabilities(requires: JsonObject, declared: JsonObject): JsonObject | undefined {
  const missing = Object.entries(requires).filter(
    ([name, needed]) => !isDeclared(declared[name], isJsonObject(needed) ? needed : {}),
  );
  return missing.length === 0 ? undefined : Object.fromEntries(missing);
}

function isDeclared(declared: unknown, needed: JsonObject): boolean {
  if (!isJsonObject(declared)) return false;
  const modes = Object.keys(needed);
  if (Object.keys(declared).length === 0) return modes.every((mode) => mode === 'form');
  return modes.every((mode) => declared[mode] !== undefined);
}
