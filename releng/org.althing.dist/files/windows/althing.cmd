@echo off
rem Runs the product in this folder: althing COMMAND [OPTION]...
rem ALTHING_JAVA_OPTS adds options for the virtual machine.
setlocal EnableExtensions DisableDelayedExpansion
set "home=%~dp0"
set "home=%home:~0,-1%"
set "ALTHING_LAUNCHER=%~f0"

set "jdk="
call :try_java "%ALTHING_JDK%"
call :try_java "%JAVA_HOME%"
for %%j in (java.exe) do call :try_java "%%~dp$PATH:j.."
if defined jdk goto found
echo althing: no Java 21 or newer found; install one, for example Temurin 21 or 25, and set JAVA_HOME to its folder 1>&2
exit /b 3
:found
set "java=%jdk%\bin\java.exe"
for /f "delims=" %%f in ('dir /b "%home%\plugins\org.althing.launcher_*.jar"') do set "launcher=%home%\plugins\%%f"

rem What start-up needs lies in a run folder that belongs to this folder: see RunFolder. It is made at the first start.
set "name=%home::=%"
set "name=%name:\=_%"
set "run=%LOCALAPPDATA%\althing\%name%"
for %%f in ("%home%\configuration\config.ini") do set "stamp=%%~zf %%~tf"
for %%f in ("%jdk%\release") do set "stamp=%stamp% %%~zf %%~tf %jdk%"
set "made="
if exist "%run%\stamp" set /p made=<"%run%\stamp"
if "%made%"=="%stamp%" goto prepared
"%java%" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC "-Dalthing.home=%home%" "-Dalthing.run=%run%" -cp "%launcher%" org.althing.launcher.Prepare "%stamp%" <nul
if errorlevel 1 exit /b 3
:prepared
if "%~1"=="--prepare-only" exit /b 0

set "options=short"
call :choose_options %*
"%java%" "@%home%\vm\common.options" "@%home%\vm\%options%.options" "-XX:SharedArchiveFile=%run%\classes.jsa" -Xshare:auto "-Dalthing.home=%home%" "-Dalthing.run=%run%" %ALTHING_JAVA_OPTS% -cp "%launcher%;%run%\framework.jar" org.althing.launcher.Main %*
exit /b %ERRORLEVEL%

rem By the first word that is neither an option nor the folder of --data.
:choose_options
if "%~1"=="" exit /b 0
set "word=%~1"
if "%word%"=="--data" shift
if "%word:~0,1%"=="-" shift & goto choose_options
for %%w in (node demo bench) do if "%word%"=="%%w" set "options=serve"
for %%w in (tally verify export import) do if "%word%"=="%%w" set "options=count"
if "%word% %~2"=="bench tally" set "options=count-limited"
exit /b 0

rem Sets jdk to the folder %1 if that is a Java of at least 21 and no other was found before.
:try_java
if defined jdk exit /b 0
if not exist "%~1\bin\java.exe" exit /b 0
set "version="
for /f "usebackq tokens=1,2 delims==." %%k in ("%~1\release") do if "%%k"=="JAVA_VERSION" set "version=%%l"
if not defined version exit /b 0
set "version=%version:"=%"
if %version% GEQ 21 set "jdk=%~f1"
exit /b 0
