import { gateContract } from "@doorbuster/adapters/contract"
import { layer } from "@doorbuster/adapters/redis/GateRedis"
import * as Layer from "effect/Layer"
import { redisLayer } from "./testRedis.ts"

gateContract("redis", layer.pipe(Layer.provide(redisLayer())))
