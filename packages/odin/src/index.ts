import './decorators/symbol-metadata.ts';

export type { DpopAuthOptions } from './auth/dpop.ts';
export type { GatewayAuthOptions } from './auth/gateway.ts';
export type { AuthOptions, BackChannelLogoutOptions } from './auth/options.ts';
export { createReplayStore } from './auth/replay-store.ts';
export { createRevocationBus, type RevocationBusOptions } from './auth/revocation-bus.ts';
export type { FindTenantVerification, TenantVerification } from './auth/tenant-verification.ts';
export { type Cluster, createMemoryCluster } from './cluster/cluster.ts';
export { MemoryMessageBus, type MemoryMessageBusOptions } from './cluster/memory-message-bus.ts';
export { MemoryStateStore, type MemoryStateStoreOptions } from './cluster/memory-state-store.ts';
export type { AppendOptions, LogItem, LogPage, MessageBus, Stop, TailListener } from './cluster/message-bus.ts';
export type { SetOptions, StateStore } from './cluster/state-store.ts';
export type { ContextLog, OdinContext } from './context.ts';
export { prompt } from './decorators/prompt.ts';
export { resource } from './decorators/resource.ts';
export { type MethodDecorator, tool } from './decorators/tool.ts';
export type { CacheHint, Described, Icon } from './define/common.ts';
export type { Completer, Completers, CompletionContext } from './define/completion.ts';
export {
  type Access,
  defineExtension,
  defineMethod,
  type ExtensionDefinition,
  type ExtensionOptions,
  type MethodDefinition,
  type MethodOptions,
} from './define/extension.ts';
export {
  definePrompt,
  type NamedPromptOptions,
  type PromptArguments,
  type PromptDefinition,
  type PromptOptions,
  type PromptResult,
  type PromptReturn,
} from './define/prompt.ts';
export {
  defineResource,
  type ResourceAnnotations,
  type ResourceDefinition,
  type ResourceOptions,
  type ResourceReturn,
  type ResourceVariables,
} from './define/resource.ts';
export type { InputOf, OutputOf, Schema } from './define/schema.ts';
export {
  defineTool,
  type NamedToolOptions,
  type ToolAnnotations,
  type ToolArguments,
  type ToolDefinition,
  type ToolOptions,
  type ToolResult,
  type ToolReturn,
} from './define/tool.ts';
export { OdinError, type OdinErrorCode, RpcError, ToolError } from './errors.ts';
export { createNotifier, type NotifierOptions } from './hermod/notifier.ts';
export type { HermodOptions } from './hermod/options.ts';
export type { HermodRecovery } from './hermod/recovery.ts';
export type { HttpOptions } from './http/options.ts';
export type {
  AnswerTo,
  FormAnswer,
  FormQuestion,
  Question,
  Root,
  RootsQuestion,
  SampleAnswer,
  SampleQuestion,
  UrlAnswer,
  UrlQuestion,
} from './input/question.ts';
export type { SessionOptions } from './legacy/options.ts';
export type { ExchangeEvent, ReplyKind } from './observability/exchange-event.ts';
export { createStderrLogger, type Logger } from './observability/logger.ts';
export type { OdinServerOptions } from './options.ts';
export type { Answer, RequestId, RpcErrorObject } from './protocol/answer.ts';
export type { ClientIdentity, Era, Exchange, HoldPolicy, TenantIdentity } from './protocol/exchange.ts';
export type { JsonObject, JsonValue } from './protocol/json.ts';
export type { Middleware } from './protocol/middleware.ts';
export type { Notify } from './protocol/notify.ts';
export type { LogLevel } from './protocol/vocabulary.ts';
export type { ToolRule } from './registry/tool-rules.ts';
export { type CloseOptions, OdinServer } from './server.ts';
