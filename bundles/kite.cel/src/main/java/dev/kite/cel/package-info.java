/**
 * CEL with Kubernetes' libraries and cost limits.
 *
 * <p>{@link dev.kite.cel.CelCompiler} is the service: an expression and a {@link dev.kite.cel.CelEnvironment} become a
 * {@link dev.kite.cel.CelProgram}, which is evaluated over JSON trees within a {@link dev.kite.cel.CelBudget}. The grammar of
 * types is {@link dev.kite.cel.CelType}; {@link dev.kite.cel.CelSchemas} makes them of structural and OpenAPI schemas.
 *
 * <pre>
 * CelType  = Scalar | ListOf | MapOf | ObjectOf | OptionalOf | Opaque
 * compile  = CelProgram | CelException
 * evaluate = CelResult  | CelEvaluationException | CelCostException | CelInterruptedException
 * </pre>
 *
 * Everything here but {@link dev.kite.cel.CelBudget} and {@link dev.kite.cel.CelVariables} is immutable and safe for use by many threads.
 */
@Export
@Version("1.0.0")
@NullMarked
package dev.kite.cel;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
