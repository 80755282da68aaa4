import type { OpenRefusal } from "../saga/errors.ts"
import { define } from "../saga/Saga.ts"
import { openStep } from "../saga/SagaContext.ts"
import type { CheckoutPorts, CheckoutRun, Refusal } from "./CheckoutRun.ts"
import { commitStep, completeStep, createOrderStep } from "./orderSteps.ts"
import { capturePivot, createPaymentStep, recordCaptureStep } from "./paymentSteps.ts"
import { reserveStep } from "./reserveStep.ts"

/** The checkout, step by step. Everything before the capture can be undone, nothing after it. */
export const checkoutSaga = (ports: CheckoutPorts) =>
  define<CheckoutRun, Refusal | OpenRefusal>("checkout")
    .compensatable("open", openStep<Refusal, CheckoutRun>(ports.writes))
    .compensatable("reserve", reserveStep(ports))
    .compensatable("create order", createOrderStep(ports))
    .compensatable("create payment", createPaymentStep(ports))
    .pivot("capture", capturePivot(ports))
    .retriable("record capture", recordCaptureStep(ports))
    .retriable("commit", commitStep(ports))
    .retriable("complete", completeStep(ports))
