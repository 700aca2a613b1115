/// <summary>A failure that knows what to say to a person.</summary>
internal sealed class RefusedException() : Exception("it is refused\nfor more reasons than fit a line")
{
    public string Hint => "look with: ./build.sh Look --env x, or: ./build.sh Look";

    public int ExitCode => 3;
}
