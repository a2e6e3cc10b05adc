package io.contextdb.tck;

import java.net.InetSocketAddress;
import java.util.function.Function;

/**
 * Where a store listens, so that the kit can put a proxy between.
 *
 * @param address its address
 * @param url the URL of the same store at another address, with everything else as in {@link ContextDbKit#url}
 */
public record NetworkStore(InetSocketAddress address, Function<InetSocketAddress, String> url) {}
