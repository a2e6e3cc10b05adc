"""A gRPC front, of the calls that the tests need, over Qdrant's own engine for use in a process (qdrant-edge-py).

It is not the Qdrant server, and says so in its health check: storage, write-ahead log, filters and search are the server's, but
there is one shard a collection, and the service around it is this file. Collections live in folders below --data; what was
answered survives a kill of the process, since the log of the engine has it.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import shutil
import signal
import threading
import time
import urllib.parse
import uuid

import grpc
import qdrant_edge as edge
from google.protobuf import json_format
from qdrant_client import grpc as api
from qdrant_client.grpc import collections_service_pb2_grpc, points_service_pb2_grpc, qdrant_pb2_grpc

TITLE = "Qdrant's in-process engine behind a test front"
MESSAGE_BYTES = 64 << 20
CHANGES_UNTIL_OPTIMIZED = 20_000


class Refused(Exception):
    def __init__(self, code, text):
        super().__init__(text)
        self.code = code


def missing(name):
    return Refused(grpc.StatusCode.NOT_FOUND, f"Not found: Collection `{name}` doesn't exist!")


# What comes in, as the engine wants it.


def value_in(value):
    kind = value.WhichOneof("kind")
    if kind in (None, "null_value"):
        return None
    if kind == "struct_value":
        return payload_in(value.struct_value.fields)
    if kind == "list_value":
        return [value_in(element) for element in value.list_value.values]
    return getattr(value, kind)


def payload_in(fields):
    return {name: value_in(value) for name, value in fields.items()}


def id_in(point):
    return point.num if point.WhichOneof("point_id_options") == "num" else point.uuid


def vector_in(vector):
    return list(vector.dense.data) if vector.WhichOneof("vector") == "dense" else list(vector.data)


def point_in(point):
    vectors = {}
    if point.HasField("vectors"):
        if point.vectors.WhichOneof("vectors_options") == "vector":
            vectors = vector_in(point.vectors.vector)
        else:
            vectors = {name: vector_in(v) for name, v in point.vectors.vectors.vectors.items()}
    return edge.Point(id_in(point.id), vectors, payload_in(point.payload))


def bounds_in(bounds):
    given = {name: getattr(bounds, name) for name in ("gt", "gte", "lt", "lte") if bounds.HasField(name)}
    return edge.RangeFloat(**given)


def match_in(match):
    kind = match.WhichOneof("match_value")
    value = getattr(match, kind)
    if kind in ("integer", "keyword"):
        return edge.MatchValue(value)
    if kind == "keywords":
        return edge.MatchAny(list(value.strings))
    if kind == "integers":
        return edge.MatchAny(list(value.integers))
    raise Refused(grpc.StatusCode.UNIMPLEMENTED, f"this front has no match of {kind}")


def condition_in(condition):
    kind = condition.WhichOneof("condition_one_of")
    value = getattr(condition, kind)
    if kind == "field":
        if value.HasField("match"):
            return edge.FieldCondition(value.key, match=match_in(value.match))
        if value.HasField("range"):
            return edge.FieldCondition(value.key, range=bounds_in(value.range))
    if kind == "filter":
        return filter_in(value)
    if kind == "has_id":
        return edge.HasIdCondition({uuid.UUID(id_in(i)) if isinstance(id_in(i), str) else id_in(i) for i in value.has_id})
    if kind == "is_empty":
        return edge.IsEmptyCondition(value.key)
    if kind == "has_vector":
        return edge.HasVectorCondition(value.has_vector)
    raise Refused(grpc.StatusCode.UNIMPLEMENTED, f"this front has no condition {kind}")


def filter_in(given):
    parts = {name: [condition_in(c) for c in getattr(given, name)] for name in ("must", "should", "must_not")}
    return edge.Filter(**{name: conditions for name, conditions in parts.items() if conditions})


def filter_of(request, field="filter"):
    return filter_in(getattr(request, field)) if request.HasField(field) else None


def with_payload(selector):
    kind = selector.WhichOneof("selector_options")
    if kind == "include":
        return list(selector.include.fields)
    if kind == "exclude":
        raise Refused(grpc.StatusCode.UNIMPLEMENTED, "this front excludes no fields")
    return bool(selector.enable)


def with_vectors(request):
    selector = request.with_vectors
    return list(selector.include.names) if selector.WhichOneof("selector_options") == "include" else bool(selector.enable)


def query_in(request):
    query = None
    if request.HasField("query"):
        if request.query.WhichOneof("variant") != "nearest":
            raise Refused(grpc.StatusCode.UNIMPLEMENTED, "this front queries for the nearest only")
        query = edge.Query.Nearest(list(request.query.nearest.dense.data), using=request.using or None)
    params = edge.SearchParams(
        hnsw_ef=request.params.hnsw_ef if request.params.HasField("hnsw_ef") else None, exact=request.params.exact
    )
    return edge.QueryRequest(
        limit=request.limit if request.HasField("limit") else 10,
        offset=request.offset,
        query=query,
        with_vector=with_vectors(request),
        with_payload=with_payload(request.with_payload),
        filter=filter_of(request),
        params=params,
    )


# What goes out.


def value_out(value):
    if value is None:
        return api.Value(null_value=0)
    if isinstance(value, bool):
        return api.Value(bool_value=value)
    if isinstance(value, int):
        return api.Value(integer_value=value)
    if isinstance(value, float):
        return api.Value(double_value=value)
    if isinstance(value, str):
        return api.Value(string_value=value)
    if isinstance(value, list):
        return api.Value(list_value=api.ListValue(values=[value_out(element) for element in value]))
    return api.Value(struct_value=api.Struct(fields={name: value_out(element) for name, element in value.items()}))


def id_out(point):
    return api.PointId(num=point) if isinstance(point, int) else api.PointId(uuid=str(point))


def vectors_out(vectors):
    if vectors is None:
        return None
    named = vectors if isinstance(vectors, dict) else {"": vectors}
    outputs = {name: api.VectorOutput(dense=api.DenseVector(data=vector)) for name, vector in named.items()}
    return api.VectorsOutput(vectors=api.NamedVectorsOutput(vectors=outputs))


def parts_out(point):
    return {
        "id": id_out(point.id),
        "payload": {name: value_out(value) for name, value in (point.payload or {}).items()},
        "vectors": vectors_out(point.vector),
    }


def scored_out(point):
    return api.ScoredPoint(score=point.score, **parts_out(point))


def retrieved_out(point):
    return api.RetrievedPoint(**parts_out(point))


# Collections.


def vector_params(params):
    distance = {api.Cosine: edge.Distance.Cosine, api.Euclid: edge.Distance.Euclid, api.Dot: edge.Distance.Dot}
    hnsw = None
    if params.HasField("hnsw_config"):
        diff = params.hnsw_config
        hnsw = edge.HnswIndexConfig(
            m=diff.m if diff.HasField("m") else 16,
            ef_construct=diff.ef_construct if diff.HasField("ef_construct") else 100,
            full_scan_threshold=diff.full_scan_threshold if diff.HasField("full_scan_threshold") else 10_000,
            payload_m=diff.payload_m if diff.HasField("payload_m") else None,
        )
    return edge.EdgeVectorParams(
        size=params.size, distance=distance[params.distance], on_disk=params.on_disk or None, hnsw_config=hnsw
    )


def config_in(request):
    vectors = request.vectors_config
    if vectors.WhichOneof("config") == "params":
        named = {"": vector_params(vectors.params)}
    else:
        named = {name: vector_params(params) for name, params in vectors.params_map.map.items()}
    return edge.EdgeConfig(vectors=named, on_disk_payload=True)


def schema_in(request):
    params = request.field_index_params
    kind = request.field_type
    if kind == api.FieldTypeKeyword:
        return edge.KeywordIndexParams(is_tenant=params.keyword_index_params.is_tenant or None)
    if kind == api.FieldTypeInteger:
        given = params.integer_index_params
        return edge.IntegerIndexParams(
            lookup=given.lookup if given.HasField("lookup") else None, range=given.range if given.HasField("range") else None
        )
    if kind == api.FieldTypeFloat:
        return edge.FloatIndexParams()
    raise Refused(grpc.StatusCode.UNIMPLEMENTED, "this front indexes keywords and numbers only")


class Collection:
    """A shard of the engine; changes go one after another, reads beside them."""

    def __init__(self, folder):
        self.folder = folder
        self.shard = edge.EdgeShard.load(str(folder / "shard"))
        self.lock = threading.Lock()
        self.operation = int(time.time() * 1_000_000)
        self.changes = 0
        self.dirty = False

    def update(self, *operations):
        with self.lock:
            for operation in operations:
                self.shard.update(operation)
                self.changes += 1
            self.dirty = True
            self.operation += 1
            return api.PointsOperationResponse(
                result=api.UpdateResult(operation_id=self.operation, status=api.UpdateStatus.Completed)
            )

    def upkeep(self):
        if self.changes > CHANGES_UNTIL_OPTIMIZED:
            self.changes = 0
            self.shard.optimize()
        if self.dirty:
            self.dirty = False
            self.shard.flush()


class Store:
    """The collections of a data folder."""

    def __init__(self, data):
        self.data = data
        self.lock = threading.Lock()
        for left in data.glob("*.new"), data.glob("*.gone"):
            for folder in left:
                shutil.rmtree(folder)
        self.collections = {urllib.parse.unquote(folder.name): Collection(folder) for folder in data.iterdir()}

    def get(self, name):
        collection = self.collections.get(name)
        if collection is None:
            raise missing(name)
        return collection

    def create(self, request):
        name = request.collection_name
        with self.lock:
            if name in self.collections:
                raise Refused(grpc.StatusCode.ALREADY_EXISTS, f"Wrong input: Collection `{name}` already exists!")
            folder = self.data / urllib.parse.quote(name, safe="")
            fresh = folder.with_name(folder.name + ".new")
            fresh.mkdir()
            edge.EdgeShard.create(str(fresh / "shard"), config_in(request)).close()
            (fresh / "created.json").write_text(json_format.MessageToJson(request))
            fresh.rename(folder)
            self.collections[name] = Collection(folder)

    def delete(self, name):
        with self.lock:
            collection = self.collections.pop(name, None)
            if collection is None:
                return False
            with collection.lock:
                gone = collection.folder.with_name(collection.folder.name + ".gone")
                collection.folder.rename(gone)
                collection.shard.close()
                shutil.rmtree(gone)
            return True

    def upkeep(self):
        while True:
            time.sleep(1)
            for collection in list(self.collections.values()):
                with collection.lock:
                    if collection.folder.exists():
                        collection.upkeep()


class Collections(collections_service_pb2_grpc.CollectionsServicer):
    def __init__(self, store):
        self.store = store

    def Create(self, request, context):
        self.store.create(request)
        return api.CollectionOperationResponse(result=True)

    def Delete(self, request, context):
        return api.CollectionOperationResponse(result=self.store.delete(request.collection_name))

    def List(self, request, context):
        names = [api.CollectionDescription(name=name) for name in sorted(self.store.collections)]
        return api.ListCollectionsResponse(collections=names)

    def CollectionExists(self, request, context):
        return api.CollectionExistsResponse(
            result=api.CollectionExists(exists=request.collection_name in self.store.collections)
        )

    def Get(self, request, context):
        collection = self.store.get(request.collection_name)
        created = json_format.Parse((collection.folder / "created.json").read_text(), api.CreateCollection())
        params = api.CollectionParams(vectors_config=created.vectors_config)
        count = collection.shard.info().points_count
        info = api.CollectionInfo(
            status=api.CollectionStatus.Green, points_count=count, config=api.CollectionConfig(params=params)
        )
        return api.GetCollectionInfoResponse(result=info)


class Points(points_service_pb2_grpc.PointsServicer):
    def __init__(self, store):
        self.store = store

    def Upsert(self, request, context):
        modes = {api.InsertOnly: edge.UpdateMode.InsertOnly, api.UpdateOnly: edge.UpdateMode.UpdateOnly}
        operation = edge.UpdateOperation.upsert_points(
            [point_in(point) for point in request.points],
            condition=filter_of(request, "update_filter"),
            update_mode=modes.get(request.update_mode),
        )
        return self.store.get(request.collection_name).update(operation)

    def Delete(self, request, context):
        selector = request.points
        if selector.WhichOneof("points_selector_one_of") == "filter":
            operation = edge.UpdateOperation.delete_points_by_filter(filter_in(selector.filter))
        else:
            operation = edge.UpdateOperation.delete_points([id_in(i) for i in selector.points.ids])
        return self.store.get(request.collection_name).update(operation)

    def SetPayload(self, request, context):
        selector = request.points_selector
        payload = payload_in(request.payload)
        if selector.WhichOneof("points_selector_one_of") == "filter":
            operation = edge.UpdateOperation.set_payload_by_filter(filter_in(selector.filter), payload)
        else:
            operation = edge.UpdateOperation.set_payload([id_in(i) for i in selector.points.ids], payload)
        return self.store.get(request.collection_name).update(operation)

    def CreateFieldIndex(self, request, context):
        operation = edge.UpdateOperation.create_field_index(request.field_name, schema_in(request))
        return self.store.get(request.collection_name).update(operation)

    def Get(self, request, context):
        shard = self.store.get(request.collection_name).shard
        found = shard.retrieve([id_in(i) for i in request.ids], with_payload(request.with_payload), with_vectors(request))
        return api.GetResponse(result=[retrieved_out(point) for point in found])

    def Query(self, request, context):
        found = self.store.get(request.collection_name).shard.query(query_in(request))
        return api.QueryResponse(result=[scored_out(point) for point in found])

    def QueryBatch(self, request, context):
        shard = self.store.get(request.collection_name).shard
        found = shard.query_batch(edge.QueryBatchRequest([query_in(query) for query in request.query_points]))
        return api.QueryBatchResponse(
            result=[api.BatchResult(result=[scored_out(point) for point in points]) for points in found]
        )

    def Scroll(self, request, context):
        order = edge.OrderBy(request.order_by.key) if request.HasField("order_by") else None
        found, following = self.store.get(request.collection_name).shard.scroll(
            edge.ScrollRequest(
                offset=id_in(request.offset) if request.HasField("offset") else None,
                limit=request.limit if request.HasField("limit") else 10,
                filter=filter_of(request),
                with_payload=with_payload(request.with_payload),
                with_vector=with_vectors(request),
                order_by=order,
            )
        )
        following = id_out(following) if following is not None else None
        return api.ScrollResponse(result=[retrieved_out(point) for point in found], next_page_offset=following)

    def Count(self, request, context):
        shard = self.store.get(request.collection_name).shard
        exact = request.exact if request.HasField("exact") else True
        count = shard.count(edge.CountRequest(exact=exact, filter=filter_of(request)))
        return api.CountResponse(result=api.CountResult(count=count))

    def Facet(self, request, context):
        hits = self.store.get(request.collection_name).shard.facet(
            edge.FacetRequest(
                key=request.key,
                limit=request.limit if request.HasField("limit") else 10,
                exact=request.exact,
                filter=filter_of(request),
            )
        ).hits
        return api.FacetResponse(
            hits=[api.FacetHit(value=api.FacetValue(string_value=hit.value), count=hit.count) for hit in hits]
        )


class Qdrant(qdrant_pb2_grpc.QdrantServicer):
    def __init__(self, version):
        self.version = version

    def HealthCheck(self, request, context):
        return api.HealthCheckReply(title=TITLE, version=self.version)


class Guard(grpc.ServerInterceptor):
    """Asks for the key, and turns what the engine refuses into the statuses of the server."""

    def __init__(self, key):
        self.key = key

    def intercept_service(self, continuation, details):
        handler = continuation(details)
        if handler is None:
            return None
        allowed = not self.key or dict(details.invocation_metadata).get("api-key") == self.key

        def call(request, context):
            if not allowed:
                context.abort(grpc.StatusCode.UNAUTHENTICATED, "Invalid API key")
            try:
                return handler.unary_unary(request, context)
            except Refused as refused:
                context.abort(refused.code, str(refused))
            except Exception as wrong:  # the engine has one kind of error only
                context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"Wrong input: {wrong}")

        return grpc.unary_unary_rpc_method_handler(call, handler.request_deserializer, handler.response_serializer)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--version", default="1.19.0", help="the version of the server whose calls it answers as")
    parser.add_argument("--api-key", default="")
    parser.add_argument("--tls-certificate", type=pathlib.Path)
    parser.add_argument("--tls-private", type=pathlib.Path)
    given = parser.parse_args()
    given.data.mkdir(parents=True, exist_ok=True)
    store = Store(given.data)
    limits = [("grpc.max_receive_message_length", MESSAGE_BYTES), ("grpc.max_send_message_length", MESSAGE_BYTES),
              ("grpc.so_reuseport", 0), ("grpc.http2.min_recv_ping_interval_without_data_ms", 1_000),
              ("grpc.keepalive_permit_without_calls", 1)]
    server = grpc.server(
        concurrent.futures.ThreadPoolExecutor(16), interceptors=[Guard(given.api_key)], options=limits
    )
    collections_service_pb2_grpc.add_CollectionsServicer_to_server(Collections(store), server)
    points_service_pb2_grpc.add_PointsServicer_to_server(Points(store), server)
    qdrant_pb2_grpc.add_QdrantServicer_to_server(Qdrant(given.version), server)
    address = f"127.0.0.1:{given.port}"
    if given.tls_certificate:
        pair = (given.tls_private.read_bytes(), given.tls_certificate.read_bytes())
        bound = server.add_secure_port(address, grpc.ssl_server_credentials([pair]))
    else:
        bound = server.add_insecure_port(address)
    if bound != given.port:
        raise SystemExit(f"port {given.port} is taken")
    server.start()
    print(json.dumps({"port": bound, "pid": os.getpid()}), flush=True)
    threading.Thread(target=store.upkeep, daemon=True).start()
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    server.wait_for_termination()


if __name__ == "__main__":
    main()
