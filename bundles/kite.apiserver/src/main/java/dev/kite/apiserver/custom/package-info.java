/** Kinds that are not built in: CustomResourceDefinitions and KindProviders, their schemas and discovery. */
@NullMarked
package dev.kite.apiserver.custom;

import org.jspecify.annotations.NullMarked;
