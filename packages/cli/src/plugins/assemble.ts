import * as Cause from "effect/Cause"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { reasonOf } from "../configuration/unknowns.ts"
import { PluginFailed } from "./PluginFailed.ts"
import {
  type Plug,
  type Plugins,
  type Port,
  type PortName,
  pluggable,
  portNames,
  type ServerPortName,
  type StorePort,
  serverPorts,
  storePorts
} from "./pluggable.ts"

/** What serves a port when nothing is plugged. */
export interface OwnPort<S, E, R, W> {
  /** As `store doctor` calls it. */
  readonly by: string
  readonly layer: Layer.Layer<S, E, R>
  /** What runs beside it in a worker, as long as no other layer has taken its place. */
  readonly beside?: Layer.Layer<never, E, W>
}

/** One for each port. `R` is what their layers may ask for, `W` what may run beside them. */
export type OwnPorts<E, R, W> = { readonly [N in PortName]: OwnPort<Port<N>, E, R, W> }

const missing = /^Service not found: (.*)$/

type StorePortName = keyof typeof storePorts
const storePortNames = Object.keys(storePorts) as ReadonlyArray<StorePortName>

/** The plugged ones in the order in which they are written, which is that of building them. */
const pluggedNames = ({ ports }: Plugins): ReadonlyArray<PortName> =>
  (Object.keys(ports) as ReadonlyArray<PortName>).filter((name) => ports[name] !== undefined)

/** A port that was asked for and is not there: either it stands below, or nobody gives it. */
const explain = (port: PortName, detail: string): string => {
  const key = missing.exec(detail)?.[1]
  const name = portNames.find((one) => pluggable[one].key === key)
  if (key === undefined) return detail
  if (name === port) return `the layer does not give the port ${port}`
  if (name === undefined) return `it asks for ${key}, which no port gives`
  if (name in serverPorts) return `it asks for the port ${name}, which only a server has`
  return `it asks for the port ${name}, which is plugged below it: write ${name} above ${port}`
}

const failure = (file: string, port: PortName, cause: Cause.Cause<unknown>) => {
  if (Cause.hasInterruptsOnly(cause)) return Effect.failCause(cause as Cause.Cause<never>)
  const detail = explain(port, reasonOf(Cause.squash(cause)))
  return Effect.fail(new PluginFailed({ file, port, detail }))
}

/** Some port, at a place where it does not matter which one. */
type SomePort = Port<PortName>
type SomeLayer<R> = Layer.Layer<SomePort, unknown, R>

const layerOf = <R>(plug: Plug<SomePort>, own: SomeLayer<R>): SomeLayer<R> => {
  const given: unknown = typeof plug === "function" ? plug(own as Layer.Layer<SomePort>) : plug
  if (Layer.isLayer(given)) return given as SomeLayer<R>
  throw new TypeError("the function gave no Layer")
}

/** The user's layer, and of it only the port: whatever else it gives stays behind this. */
const pluggedPort = <R>(
  { file, ports }: Plugins,
  port: PortName,
  own: SomeLayer<R>
): Layer.Layer<SomePort, PluginFailed, R> => {
  const service = pluggable[port] as Context.Key<SomePort, unknown>
  const plug = ports[port] as Plug<SomePort>
  return Layer.effect(service, service).pipe(
    Layer.provide(Layer.suspend(() => layerOf(plug, own))),
    Layer.catchCause((cause) => Layer.effect(service, failure(file ?? "", port, cause)))
  )
}

/**
 * All ports of the store: those that are not plugged by the store's own layers, and over them the
 * plugged ones, each over those that are written above it.
 */
export const assemble = <E, R, W>(
  own: OwnPorts<E, R, W>,
  plugins: Plugins
): Layer.Layer<StorePort, E | PluginFailed, R> => {
  const plugged = pluggedNames(plugins)
  type Whole = Layer.Layer<SomePort, E | PluginFailed, R>
  let whole = storePortNames
    .filter((name) => !plugged.includes(name))
    .map((name): Whole => own[name].layer as unknown as Whole)
    .reduce((all, layer) => Layer.merge(all, layer), Layer.empty as unknown as Whole)
  for (const name of plugged.filter((one) => one in storePorts)) {
    const layer = pluggedPort(plugins, name, own[name].layer as SomeLayer<R>)
    whole = Layer.provideMerge(layer, whole)
  }
  return whole
}

/** One port of a server, to be built over those of the store. */
export const serverPort = <N extends ServerPortName, E, R, W>(
  own: OwnPorts<E, R, W>,
  plugins: Plugins,
  name: N
): Layer.Layer<Port<N>, E | PluginFailed, R | StorePort> => {
  const layer = own[name].layer as Layer.Layer<SomePort, E, R>
  const serving = pluggedNames(plugins).includes(name) ? pluggedPort(plugins, name, layer) : layer
  return serving as Layer.Layer<SomePort, E | PluginFailed, R>
}

/** What runs beside the store's own layers, those that are only wrapped included. */
export const beside = <E, R, W>(
  own: OwnPorts<E, R, W>,
  { ports }: Plugins
): Layer.Layer<never, E, W> =>
  storePortNames
    .filter((name) => !Layer.isLayer(ports[name]))
    .flatMap((name) => own[name].beside ?? [])
    .reduce((all, layer) => Layer.merge(all, layer), Layer.empty as Layer.Layer<never, E, W>)

/** Who serves a port. */
export interface Served {
  readonly name: PortName
  readonly by: string
  readonly plugged: boolean
  /** Who serves what the plugged layer is put around; null where it stands alone. */
  readonly around: string | null
}

export const served = <E, R, W>(
  own: OwnPorts<E, R, W>,
  plugins: Plugins
): ReadonlyArray<Served> => {
  const plugged = pluggedNames(plugins)
  return portNames.map((name) => {
    const { by } = own[name]
    if (!plugged.includes(name)) return { name, by, plugged: false, around: null }
    const around = typeof plugins.ports[name] === "function" ? by : null
    return { name, by: plugins.file ?? "", plugged: true, around }
  })
}
