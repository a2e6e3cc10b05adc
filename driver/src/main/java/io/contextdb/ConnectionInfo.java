package io.contextdb;

import io.contextdb.spi.capability.BackendInfo;

/**
 * What a connection is connected to.
 *
 * @param url the URL, its secrets hidden
 * @param driverVersion version of this driver
 * @param backend what the backend is and promises
 */
public record ConnectionInfo(String url, String driverVersion, BackendInfo backend) {}
