import { catalogCopiesContract } from "@doorbuster/adapters/contract"
import { layer } from "@doorbuster/adapters/memory/CatalogCopiesMemory"

catalogCopiesContract("memory", layer)
