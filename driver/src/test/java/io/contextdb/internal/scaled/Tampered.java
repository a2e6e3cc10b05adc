package io.contextdb.internal.scaled;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/** Puts something between a caller and an interface. */
final class Tampered {
    /** A call on its way. */
    record Call(Object target, Method method, @Nullable Object[] arguments) {
        boolean is(String name) {
            return method.getName().equals(name);
        }

        @SuppressWarnings("unchecked")
        <T> T argument(int index) {
            return (T) arguments[index];
        }

        @Nullable
        Object proceed() {
            return proceed(arguments);
        }

        @Nullable
        Object proceed(@Nullable Object... changed) {
            try {
                return method.invoke(target, changed);
            } catch (InvocationTargetException thrown) {
                throw Tampered.<RuntimeException>sneaky(thrown.getCause());
            } catch (IllegalAccessException impossible) {
                throw new AssertionError(impossible);
            }
        }
    }

    /** What is done in place of a call. */
    interface Instead {
        @Nullable
        Object handle(Call call);
    }

    private Tampered() {}

    static <T> T with(Class<T> type, T target, Instead instead) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) ->
                        instead.handle(new Call(target, method, arguments == null ? new Object[0] : arguments))));
    }

    @SuppressWarnings("unchecked")
    private static <X extends Throwable> X sneaky(Throwable thrown) throws X {
        throw (X) thrown;
    }
}
