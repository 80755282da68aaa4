/** The HTTP server over the store; apart from `layers.ts`, because few commands need its weight. */
import { HttpSecrets } from "@doorbuster/adapters/http/identity/HttpSecrets"
import { serve } from "@doorbuster/adapters/http/StoreServer"
import { Surface } from "@doorbuster/adapters/http/Surface"
import * as answeredBefore from "@doorbuster/core/edge/answeredBefore"
import * as CatalogBrowsing from "@doorbuster/core/edge/CatalogBrowsing"
import * as QueueDesk from "@doorbuster/core/queue/QueueDesk"
import { QueueSettings } from "@doorbuster/core/queue/QueueSettings"
import * as QueueWorker from "@doorbuster/core/queue/QueueWorker"
import * as Housekeeper from "@doorbuster/core/retention/Housekeeper"
import { RetentionSettings } from "@doorbuster/core/retention/RetentionSettings"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Configuration } from "./configuration/Configuration.ts"
import type { Keys } from "./configuration/keys.ts"
import type { Access } from "./databases.ts"
import { portOfServer, worker } from "./layers.ts"

const hourMs = 60 * 60_000
const sessionTtlMs = 30 * 24 * hourMs

/** The desk where requests are taken, and the worker that places them where others are placed. */
const queueing = (configuration: Configuration) => {
  const { drainRate, orderQueue: isOn, role } = configuration.values
  if (!isOn) return Layer.empty
  const settings = Layer.effect(
    QueueSettings,
    Effect.map(QueueSettings, (usual) => ({ ...usual, perSecond: drainRate }))
  )
  const parts = role === "web" ? QueueDesk.layer : Layer.merge(QueueWorker.layer, QueueDesk.layer)
  return parts.pipe(
    Layer.provide(portOfServer(configuration, "orderQueue")),
    Layer.provide(settings)
  )
}

/** Retires what only the past needs, where others' work is taken over. */
const housekeeping = (configuration: Configuration) => {
  const { idempotencyRetention: hours, role } = configuration.values
  if (role === "web") return Layer.empty
  const settings = Layer.effect(
    RetentionSettings,
    Effect.map(RetentionSettings, (usual) => ({ ...usual, keepMs: hours * hourMs }))
  )
  return Housekeeper.layer.pipe(
    Layer.provide(portOfServer(configuration, "retention")),
    Layer.provide(settings)
  )
}

/**
 * Listens, as soon as the store is there as `access` says. What the process does besides follows
 * from its role.
 */
export const server = (configuration: Configuration, keys: Keys, access: Access) => {
  const { host, port, role, stockAutopilot } = configuration.values
  const duties = { isPiloted: stockAutopilot === "on", takesOver: role !== "web" }
  const copies = portOfServer(configuration, "catalogCopies")
  const browsing = CatalogBrowsing.layer.pipe(Layer.provide(copies))
  const answers = answeredBefore.layerSagas.pipe(
    Layer.provideMerge(portOfServer(configuration, "answerCache"))
  )
  return serve({ host, port }).pipe(
    Layer.provide(Layer.succeed(HttpSecrets, { ...keys, sessionTtlMs })),
    Layer.provide(portOfServer(configuration, "sessions")),
    Layer.provide([browsing, answers]),
    Layer.provide(Layer.succeed(Surface, role === "worker" ? "system" : "whole")),
    Layer.provide([queueing(configuration), housekeeping(configuration)]),
    Layer.provideMerge(worker(configuration, access, duties))
  )
}
