export declare const findPostgres: () => string | undefined
export declare const findRedis: () => string | undefined
