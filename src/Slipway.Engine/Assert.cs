using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Nuke.Common.IO;

namespace Nuke.Common;

/// <summary>Fails the running target when something does not hold.</summary>
public static class Assert
{
    /// <summary>Fails.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="exception">What caused it, or null.</param>
    [DoesNotReturn]
    public static void Fail(string message, Exception? exception = null) =>
        throw new InvalidOperationException(message, exception);

    /// <summary>Demands that a condition holds.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="message">What is wrong, or null.</param>
    /// <param name="argumentExpression">Its source text, filled in by the compiler.</param>
    public static void True(
        [DoesNotReturnIf(false)] bool condition,
        string? message = null,
        [CallerArgumentExpression(nameof(condition))] string? argumentExpression = null
    )
    {
        if (!condition)
        {
            throw new InvalidOperationException(message ?? $"Expected condition to be true: {argumentExpression}");
        }
    }

    /// <summary>Demands that a condition does not hold.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="message">What is wrong, or null.</param>
    /// <param name="argumentExpression">Its source text, filled in by the compiler.</param>
    public static void False(
        [DoesNotReturnIf(true)] bool condition,
        string? message = null,
        [CallerArgumentExpression(nameof(condition))] string? argumentExpression = null
    ) => True(!condition, message ?? $"Expected condition to be false: {argumentExpression}");

    /// <summary>Demands that a value is there.</summary>
    /// <typeparam name="T">The value.</typeparam>
    /// <param name="obj">The value.</param>
    /// <param name="message">What is wrong, or null.</param>
    /// <param name="argumentExpression">Its source text, filled in by the compiler.</param>
    public static T NotNull<T>(
        [NotNull] this T? obj,
        string? message = null,
        [CallerArgumentExpression(nameof(obj))] string? argumentExpression = null
    )
        where T : class =>
        obj ?? throw new InvalidOperationException(message ?? $"Expected object to be not null: {argumentExpression}");

    /// <summary>Demands that a text is there and not empty.</summary>
    /// <param name="str">The text.</param>
    /// <param name="message">What is wrong, or null.</param>
    /// <param name="argumentExpression">Its source text, filled in by the compiler.</param>
    public static string NotNullOrEmpty(
        [NotNull] this string? str,
        string? message = null,
        [CallerArgumentExpression(nameof(str))] string? argumentExpression = null
    )
    {
        True(!string.IsNullOrEmpty(str), message ?? $"Expected string to be not null or empty: {argumentExpression}");
        return str!;
    }

    /// <summary>Demands that a text is there and more than white space.</summary>
    /// <param name="str">The text.</param>
    /// <param name="message">What is wrong, or null.</param>
    /// <param name="argumentExpression">Its source text, filled in by the compiler.</param>
    public static string NotNullOrWhiteSpace(
        [NotNull] this string? str,
        string? message = null,
        [CallerArgumentExpression(nameof(str))] string? argumentExpression = null
    )
    {
        True(
            !string.IsNullOrWhiteSpace(str),
            message ?? $"Expected string to be not null or whitespace: {argumentExpression}"
        );
        return str!;
    }

    /// <summary>Demands that a collection has elements.</summary>
    /// <typeparam name="T">The element.</typeparam>
    /// <param name="collection">The collection.</param>
    /// <param name="message">What is wrong, or null.</param>
    /// <param name="argumentExpression">Its source text, filled in by the compiler.</param>
    public static void NotEmpty<T>(
        this IReadOnlyCollection<T>? collection,
        string? message = null,
        [CallerArgumentExpression(nameof(collection))] string? argumentExpression = null
    ) => True(collection is { Count: > 0 }, message ?? $"Expected collection to be not empty: {argumentExpression}");

    /// <summary>Demands that a collection has no elements.</summary>
    /// <typeparam name="T">The element.</typeparam>
    /// <param name="collection">The collection.</param>
    /// <param name="message">What is wrong, or null.</param>
    /// <param name="argumentExpression">Its source text, filled in by the compiler.</param>
    public static void Empty<T>(
        IReadOnlyCollection<T>? collection,
        string? message = null,
        [CallerArgumentExpression(nameof(collection))] string? argumentExpression = null
    ) => True(collection is { Count: 0 }, message ?? $"Expected collection to be empty: {argumentExpression}");

    /// <summary>Demands a number of elements.</summary>
    /// <typeparam name="T">The element.</typeparam>
    /// <param name="collection">The collection.</param>
    /// <param name="length">The number.</param>
    /// <param name="message">What is wrong, or null.</param>
    /// <param name="argumentExpression">Its source text, filled in by the compiler.</param>
    public static void Count<T>(
        this IReadOnlyCollection<T>? collection,
        int length,
        string? message = null,
        [CallerArgumentExpression(nameof(collection))] string? argumentExpression = null
    ) =>
        True(
            collection is not null && collection.Count == length,
            message
                ?? $"Expected collection to have length of {length} but has {collection?.Count ?? 0}: {argumentExpression}"
        );

    /// <summary>Demands exactly one element.</summary>
    /// <typeparam name="T">The element.</typeparam>
    /// <param name="collection">The collection.</param>
    /// <param name="message">What is wrong, or null.</param>
    /// <param name="argumentExpression">Its source text, filled in by the compiler.</param>
    public static void HasSingleItem<T>(
        this IReadOnlyCollection<T>? collection,
        string? message = null,
        [CallerArgumentExpression(nameof(collection))] string? argumentExpression = null
    ) => Count(collection, 1, message, argumentExpression);

    /// <summary>Demands that a file is there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="message">What is wrong, or null.</param>
    /// <param name="argumentExpression">Its source text, filled in by the compiler.</param>
    public static void FileExists(
        AbsolutePath path,
        string? message = null,
        [CallerArgumentExpression(nameof(path))] string? argumentExpression = null
    ) => True(path.FileExists(), message ?? $"Expected file to exist: {path} ({argumentExpression})");

    /// <summary>Demands that a folder is there.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="message">What is wrong, or null.</param>
    /// <param name="argumentExpression">Its source text, filled in by the compiler.</param>
    public static void DirectoryExists(
        AbsolutePath path,
        string? message = null,
        [CallerArgumentExpression(nameof(path))] string? argumentExpression = null
    ) => True(path.DirectoryExists(), message ?? $"Expected directory to exist: {path} ({argumentExpression})");
}
