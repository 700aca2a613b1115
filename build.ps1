[CmdletBinding()]
param([Parameter(ValueFromRemainingArguments = $true)][string[]] $BuildArguments)

# Starts the build; builds it first when one of its inputs changed since it was built. All arguments go to it untouched.
$ErrorActionPreference = 'Stop'
$root = $PSScriptRoot
$homeOfBuild = Join-Path $root '.nuke/temp/build'
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:DOTNET_NOLOGO = '1'
$env:NUKE_TELEMETRY_OPTOUT = '1'
$env:DOTNET_TieredPGO = '0'

function Get-Stamp {
    $places = @('build') + (Get-ChildItem (Join-Path $root 'src') -Directory -Filter 'Slipway*' | ForEach-Object { "src/$($_.Name)" })
    $files = foreach ($place in $places) {
        Get-ChildItem (Join-Path $root $place) -Recurse -File | Where-Object { $_.FullName -notmatch '[\\/](bin|obj)[\\/]' }
    }
    $files += foreach ($name in 'Directory.Build.props', 'Directory.Packages.props', 'global.json') { Get-Item (Join-Path $root $name) }
    $lines = $files | Sort-Object FullName | ForEach-Object { "$($_.FullName) $((Get-FileHash $_.FullName -Algorithm SHA256).Hash)" }
    $bytes = [Text.Encoding]::UTF8.GetBytes($lines -join "`n")
    [BitConverter]::ToString([Security.Cryptography.SHA256]::Create().ComputeHash($bytes)).Replace('-', '')
}

function Test-Sdk {
    if (-not (Get-Command dotnet -ErrorAction SilentlyContinue)) { return $false }
    Push-Location $root
    try { & dotnet --version *> $null; return $LASTEXITCODE -eq 0 } finally { Pop-Location }
}

function Install-Sdk {
    $version = (Get-Content (Join-Path $root 'global.json') -Raw | ConvertFrom-Json).sdk.version
    $folder = Join-Path $root '.nuke/temp/dotnet'
    $script = Join-Path $root '.nuke/temp/dotnet-install.ps1'
    New-Item -ItemType Directory -Force (Split-Path $script) | Out-Null
    Write-Host "No .NET SDK that fits global.json is installed: installing $version into .nuke/temp/dotnet"
    Invoke-WebRequest 'https://dot.net/v1/dotnet-install.ps1' -OutFile $script -UseBasicParsing
    & $script -InstallDir $folder -Version $version -NoPath
    $env:DOTNET_ROOT = $folder
    $env:PATH = "$folder$([IO.Path]::PathSeparator)$env:PATH"
}

if (-not (Test-Sdk)) { Install-Sdk }
$stamp = Get-Stamp
$app = Join-Path $homeOfBuild "$($stamp.Substring(0, 16))/app"
if (-not (Test-Path (Join-Path $app '_build.dll'))) {
    Write-Host 'Building Slipway (first run, or its sources changed) ...'
    $part = Join-Path $homeOfBuild ([Guid]::NewGuid().ToString('N'))
    Push-Location $root
    try { $output = & dotnet build build/_build.csproj -c Release --nologo -v quiet "-p:OutDir=$part/app/" 2>&1 } finally { Pop-Location }
    if ($LASTEXITCODE -ne 0) { $output | Write-Host; exit 1 }
    if (-not (Test-Path (Split-Path $app))) { Move-Item $part (Split-Path $app) }
}

$hasRoot = $BuildArguments | Where-Object { $_ -eq '--root' -or $_ -like '--root=*' }
if (-not $hasRoot) { $BuildArguments = @($BuildArguments) + @('--root', $root) }
& dotnet (Join-Path $app '_build.dll') @BuildArguments
exit $LASTEXITCODE
